using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Larkspur.Client;

/// <summary>One call, on its way from typed values to a request.</summary>
internal sealed class LarkspurCall(string method, string path)
{
    private readonly StringBuilder _query = new();
    private readonly List<(string Name, string Value)> _headers = [];
    private Func<HttpContent>? _content;

    /// <summary>A value as one step of a path.</summary>
    public static string Step<T>(T value) => Uri.EscapeDataString(Text(value) is { Length: > 0 } text ? text : throw new ArgumentException("A step of an address must not be empty.", nameof(value)));

    public void Query<T>(string name, T? value)
    {
        if (value is not null) _query.Append(_query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Text(value)));
    }

    public void Header<T>(string name, T? value)
    {
        if (value is not null) _headers.Add((name, Text(value)));
    }

    /// <summary>An absent body stays absent.</summary>
    public void Json<T>(T? body)
    {
        if (body is null) return;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, LarkspurClient.Options);
        _content = () => Typed(new ByteArrayContent(bytes), "application/json");
    }

    public void Bytes(Stream? body)
    {
        if (body is not null) _content = () => Typed(new StreamContent(body), "application/octet-stream");
    }

    public HttpRequestMessage Request(Uri address)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, path + _query)) { Content = _content?.Invoke() };
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static HttpContent Typed(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static string Text<T>(T value) => value switch
    {
        bool truth => truth ? "true" : "false",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
