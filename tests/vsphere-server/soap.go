package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"reflect"
	"strconv"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
	vimxml "github.com/vmware/govmomi/vim25/xml"
)

var quiet = log.New(io.Discard, "", 0)

// fault is a SOAP fault with the text that a real server would put into it.
func fault(method types.BaseMethodFault, message string) *soap.Fault {
	return simulator.Fault(message, method)
}

func notFound(ref types.ManagedObjectReference) *soap.Fault {
	return fault(&types.ManagedObjectNotFound{Obj: ref},
		fmt.Sprintf("The object 'vim.%s:%s' has already been deleted or has not been completely created", ref.Type, ref.Value))
}

func noPermission(ref types.ManagedObjectReference, privilege string) *types.NoPermission {
	return &types.NoPermission{Object: ref, PrivilegeId: privilege}
}

// call is what the front has to know of a request before the simulator decodes it.
type call struct {
	method string
	this   types.ManagedObjectReference
}

// readCall finds the method and the object that it is called on.
func readCall(body []byte) (call, error) {
	var c call
	decoder := xml.NewDecoder(bytes.NewReader(body))
	inBody, depth := false, 0
	for {
		token, err := decoder.Token()
		if err != nil {
			return c, err
		}

		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth == 2 && t.Name.Local == "Body":
				inBody = true
			case inBody && depth == 3:
				c.method = t.Name.Local
			case inBody && depth == 4 && t.Name.Local == "_this":
				for _, a := range t.Attr {
					if a.Name.Local == "type" {
						c.this.Type = a.Value
					}
				}

				value, err := decoder.Token()
				if text, ok := value.(xml.CharData); err == nil && ok {
					c.this.Value = string(text)
				}

				return c, nil
			}
		case xml.EndElement:
			depth--
			if inBody && depth <= 2 && c.method != "" {
				return c, nil
			}
		}
	}
}

// faultEnvelope writes a fault as the real server does: the fault's element is named after its type.
func faultEnvelope(f *soap.Fault) []byte {
	kind := reflect.TypeOf(f.Detail.Fault).Elem().Name()
	var detail bytes.Buffer
	encoder := vimxml.NewEncoder(&detail)
	start := vimxml.StartElement{
		Name: vimxml.Name{Local: kind + "Fault"},
		Attr: []vimxml.Attr{
			{Name: vimxml.Name{Local: "xmlns"}, Value: "urn:vim25"},
			{Name: vimxml.Name{Local: "xsi:type"}, Value: kind},
		},
	}
	if err := encoder.EncodeElement(f.Detail.Fault, start); err != nil {
		log.Print(err)
	}

	var text bytes.Buffer
	_ = xml.EscapeText(&text, []byte(f.String))
	return []byte(xml.Header + `<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" ` +
		`xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>` +
		text.String() + `</faultstring><detail>` + string(likeReal(detail.Bytes())) + `</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`)
}

// likeReal gives an answer the form that the real server's have: types in the prefix of the envelope, and signed bus numbers.
func likeReal(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(` xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"`), nil)
	return signBuses(bytes.ReplaceAll(text, []byte(" XMLSchema-instance:type="), []byte(" xsi:type=")))
}

// signBuses writes bus numbers as xsd:byte is defined, from -128 to 127; the simulator writes them from 0 to 255.
func signBuses(text []byte) []byte {
	open, end := []byte("<bus>"), []byte("</bus>")
	if !bytes.Contains(text, open) {
		return text
	}

	out := make([]byte, 0, len(text))
	for {
		at := bytes.Index(text, open)
		if at < 0 {
			return append(out, text...)
		}

		at += len(open)
		out = append(out, text[:at]...)
		text = text[at:]
		to := bytes.Index(text, end)
		if to < 0 {
			return append(out, text...)
		}

		if n, err := strconv.Atoi(string(text[:to])); err == nil && n > 127 {
			out = strconv.AppendInt(out, int64(n-256), 10)
		} else {
			out = append(out, text[:to]...)
		}

		text = text[to:]
	}
}
