using System.Xml;

namespace PassthroughTools.VSphere;

/// <summary>Reads the envelope of an answer.</summary>
internal static class SoapAnswer
{
    private const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary>Reads what a method returned.</summary>
    /// <param name="xml">Reader at the start of the answer.</param>
    /// <exception cref="SoapFaultException">The answer is a fault.</exception>
    /// <exception cref="XmlException">It is no answer.</exception>
    public static IReadOnlyList<VimElement> Read(XmlReader xml)
    {
        Enter(xml, "Envelope");
        while (xml.MoveToContent() == XmlNodeType.Element && !IsSoap(xml, "Body")) xml.Skip();
        Enter(xml, "Body");
        if (xml.MoveToContent() != XmlNodeType.Element) throw new XmlException("the answer is empty");
        var answer = VimElementReader.Read(xml);
        // To the end: a connection that broke off is noticed, one that did not can be used again.
        while (xml.Read())
        {
        }

        if (answer.Name == "Fault") throw new SoapFaultException(SoapFault.FromAnswer(answer));
        return answer.All("returnval");
    }

    private static void Enter(XmlReader xml, string name)
    {
        if (xml.MoveToContent() != XmlNodeType.Element || !IsSoap(xml, name)) throw new XmlException("it is no SOAP message");
        xml.Read();
    }

    private static bool IsSoap(XmlReader xml, string name) => xml.LocalName == name && xml.NamespaceURI == Soap;
}
