using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Xml;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>
/// Builds the body of a request. The order of elements is the schema's; servers insist on it. The bytes of a request that holds a password are cleared
/// after use.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Nothing but memory; Finish disposes of the writer.")]
internal sealed class SoapRequest
{
    private const string Vim = "urn:vim25";
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
    private const string Schema = "http://www.w3.org/2001/XMLSchema";
    private const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly MemoryStream _bytes = new();
    private readonly XmlWriter _xml;

    /// <summary>Begins a call of a method.</summary>
    /// <param name="method">Method as the API calls it.</param>
    /// <param name="on">Object that it is a method of.</param>
    public SoapRequest(string method, ManagedObject on)
    {
        Method = method;
        _xml = XmlWriter.Create(_bytes, new XmlWriterSettings { Encoding = Utf8, CloseOutput = false });
        _xml.WriteStartElement("soapenv", "Envelope", Soap);
        _xml.WriteAttributeString("xmlns", "xsi", null, SchemaInstance);
        _xml.WriteAttributeString("xmlns", "xsd", null, Schema);
        _xml.WriteStartElement("soapenv", "Body", Soap);
        _xml.WriteStartElement(method, Vim);
        Reference("_this", on);
    }

    /// <summary>Method that is called.</summary>
    public string Method { get; }

    /// <summary>Whether the bytes are to be cleared after use.</summary>
    public bool IsSecret { get; private set; }

    /// <summary>Adds a text.</summary>
    public SoapRequest Text(string name, string value)
    {
        _xml.WriteStartElement(name, Vim);
        _xml.WriteString(value);
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>Adds a text where the schema allows any type.</summary>
    public SoapRequest AnyText(string name, string value)
    {
        _xml.WriteStartElement(name, Vim);
        _xml.WriteAttributeString("xsi", "type", SchemaInstance, "xsd:string");
        _xml.WriteString(value);
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>Adds a number.</summary>
    public SoapRequest Number(string name, int value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a boolean.</summary>
    public SoapRequest Flag(string name, bool value) => Text(name, value ? "true" : "false");

    /// <summary>Adds a reference.</summary>
    public SoapRequest Reference(string name, ManagedObject value)
    {
        _xml.WriteStartElement(name, Vim);
        _xml.WriteAttributeString("type", value.Type);
        _xml.WriteString(value.Value);
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>Adds a data object.</summary>
    /// <param name="name">Name of the element.</param>
    /// <param name="content">Adds its properties.</param>
    /// <param name="type">Type, where the schema's is a base of it.</param>
    public SoapRequest Data(string name, Action<SoapRequest> content, string? type = null)
    {
        _xml.WriteStartElement(name, Vim);
        if (type is not null) _xml.WriteAttributeString("xsi", "type", SchemaInstance, type);
        content(this);
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>
    /// Adds a password. It goes from the protected memory to the bytes of the request without a string in between, which could not be cleared.
    /// </summary>
    /// <param name="name">Name of the element.</param>
    /// <param name="password">Password.</param>
    /// <returns>False where XML can't carry it.</returns>
    public bool TryPassword(string name, SecureString password)
    {
        // Past the writer, whose buffers could not be cleared.
        IsSecret = true;
        _xml.Flush();
        Raw("<" + name + ">");
        var characters = new char[password.Length];
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            Marshal.Copy(pointer, characters, 0, characters.Length);
            if (!Escape(characters)) return false;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
            Array.Clear(characters, 0, characters.Length);
        }

        Raw("</" + name + ">");
        return true;
    }

    /// <summary>Ends the request.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Finish()
    {
        _xml.WriteEndDocument();
        _xml.Dispose();
        var bytes = _bytes.ToArray();
        Clear();
        return bytes;
    }

    /// <summary>Clears what was built.</summary>
    public void Clear()
    {
        if (IsSecret) Array.Clear(_bytes.GetBuffer(), 0, _bytes.GetBuffer().Length);
    }

    private void Raw(string ascii)
    {
        foreach (var c in ascii) _bytes.WriteByte((byte)c);
    }

    private bool Escape(char[] characters)
    {
        // The stream never grows while it holds a part of the password: what it leaves behind could not be cleared.
        const int widest = 6;
        _bytes.Capacity = (int)_bytes.Length + (characters.Length * widest) + 1024;
        var one = new byte[4];
        for (var i = 0; i < characters.Length; i++)
        {
            var c = characters[i];
            var escaped = c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\r' => "&#xD;", '\n' => "&#xA;", '\t' => "&#x9;", _ => null };
            if (escaped is not null)
            {
                Raw(escaped);
                continue;
            }

            var isPair = char.IsHighSurrogate(c) && i + 1 < characters.Length && char.IsLowSurrogate(characters[i + 1]);
            if (!isPair && !XmlConvert.IsXmlChar(c)) return false;
            var length = Utf8.GetBytes(characters, i, isPair ? 2 : 1, one, 0);
            _bytes.Write(one, 0, length);
            if (isPair) i++;
        }

        return true;
    }
}
