package main

import (
	"fmt"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// PropertyCollector adds to the simulator's what it lacks: answers in pages, and properties that the user may not read.
type PropertyCollector struct {
	simulator.PropertyCollector
	pages sync.Map // token to the objects that are still to come
	next  int
	mutex sync.Mutex
}

// RetrievePropertiesEx answers with the first page and, where there is more, a token for the next.
func (p *PropertyCollector) RetrievePropertiesEx(ctx *simulator.Context, req *types.RetrievePropertiesEx) soap.HasFault {
	body := &methods.RetrievePropertiesExBody{}
	objects, f := p.retrieve(ctx, req.SpecSet)
	if f != nil {
		body.Fault_ = f
		return body
	}

	body.Res = &types.RetrievePropertiesExResponse{}
	if len(objects) > 0 {
		body.Res.Returnval = p.page(objects, pageSize(req.Options.MaxObjects))
	}

	return body
}

// RetrieveProperties answers everything at once.
func (p *PropertyCollector) RetrieveProperties(ctx *simulator.Context, req *types.RetrieveProperties) soap.HasFault {
	body := &methods.RetrievePropertiesBody{}
	objects, f := p.retrieve(ctx, req.SpecSet)
	if f != nil {
		body.Fault_ = f
		return body
	}

	body.Res = &types.RetrievePropertiesResponse{Returnval: objects}
	return body
}

// ContinueRetrievePropertiesEx answers with the page that a token stands for.
func (p *PropertyCollector) ContinueRetrievePropertiesEx(_ *simulator.Context, req *types.ContinueRetrievePropertiesEx) soap.HasFault {
	body := &methods.ContinueRetrievePropertiesExBody{}
	rest, known := p.pages.LoadAndDelete(req.Token)
	if !known {
		body.Fault_ = fault(&types.InvalidProperty{Name: "token"}, "A specified parameter was not correct: token")
		return body
	}

	page := rest.(*pending)
	body.Res = &types.ContinueRetrievePropertiesExResponse{Returnval: *p.page(page.objects, page.size)}
	return body
}

// CancelRetrievePropertiesEx forgets a token.
func (p *PropertyCollector) CancelRetrievePropertiesEx(_ *simulator.Context, req *types.CancelRetrievePropertiesEx) soap.HasFault {
	body := &methods.CancelRetrievePropertiesExBody{}
	if _, known := p.pages.LoadAndDelete(req.Token); !known {
		body.Fault_ = fault(&types.InvalidProperty{Name: "token"}, "A specified parameter was not correct: token")
		return body
	}

	body.Res = &types.CancelRetrievePropertiesExResponse{}
	return body
}

// CreatePropertyCollector makes one of ours, not one of the simulator's.
func (p *PropertyCollector) CreatePropertyCollector(ctx *simulator.Context, _ *types.CreatePropertyCollector) soap.HasFault {
	return &methods.CreatePropertyCollectorBody{Res: &types.CreatePropertyCollectorResponse{
		Returnval: ctx.Session.Put(&PropertyCollector{}).Reference(),
	}}
}

type pending struct {
	objects []types.ObjectContent
	size    int
}

// pageSize is the smaller of what the client wants at most and what the server gives at most.
func pageSize(wanted int32) int {
	size := theServer.options.pageSize
	if wanted > 0 && (size == 0 || int(wanted) < size) {
		size = int(wanted)
	}

	return size
}

func (p *PropertyCollector) page(objects []types.ObjectContent, size int) *types.RetrieveResult {
	if size == 0 || len(objects) <= size {
		return &types.RetrieveResult{Objects: objects}
	}

	p.mutex.Lock()
	p.next++
	token := fmt.Sprintf("%d", p.next)
	p.mutex.Unlock()
	p.pages.Store(token, &pending{objects[size:], size})
	return &types.RetrieveResult{Token: token, Objects: objects[:size]}
}

func (p *PropertyCollector) retrieve(ctx *simulator.Context, specs []types.PropertyFilterSpec) ([]types.ObjectContent, *soap.Fault) {
	answer := p.PropertyCollector.RetrievePropertiesEx(ctx, &types.RetrievePropertiesEx{This: p.Self, SpecSet: specs})
	if f := answer.Fault(); f != nil {
		if missing, ok := f.Detail.Fault.(*types.ManagedObjectNotFound); ok {
			return nil, notFound(missing.Obj)
		}

		return nil, f
	}

	objects := answer.(*methods.RetrievePropertiesExBody).Res.Returnval.Objects
	if !theServer.faults.anyDenied() {
		return objects, nil
	}

	for i := range objects {
		if theServer.faults.denies(nameOf(objects[i].Obj), objects[i].Obj, "") {
			hide(&objects[i])
		}
	}

	return objects, nil
}

// hide turns the properties of an object that may not be read into missing ones.
func hide(content *types.ObjectContent) {
	for _, property := range content.PropSet {
		content.MissingSet = append(content.MissingSet, types.MissingProperty{
			Path: property.Name,
			Fault: types.LocalizedMethodFault{
				Fault: noPermission(content.Obj, "System.Read"), LocalizedMessage: "Permission to perform this operation was denied.",
			},
		})
	}

	content.PropSet = nil
}

// nameOf is the name of an entity, empty for anything else.
func nameOf(ref types.ManagedObjectReference) string {
	if entity, ok := simulator.Map.Get(ref).(mo.Entity); ok {
		return entity.Entity().Name
	}

	return ""
}
