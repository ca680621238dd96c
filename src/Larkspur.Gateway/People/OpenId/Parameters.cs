using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.People.OpenId;

/// <summary>The parameters of a request of OAuth: each stands there once, and an empty one is none (RFC 6749, section 3.1).</summary>
internal sealed class Parameters
{
    private const int LargestBody = 32 << 10;
    private const int Most = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);

    private Parameters(IEnumerable<KeyValuePair<string, StringValues>> sent)
    {
        foreach (var (name, values) in sent)
        {
            if (values.Count > 1) _repeated.Add(name);
            if (values is [{ Length: > 0 } value]) _values[name] = value;
        }
    }

    /// <summary>A name that stands there more than once; null: none does.</summary>
    public string? Repeated => _repeated.FirstOrDefault();

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>All of them as a query.</summary>
    public string Query() => string.Join('&', _values.Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}"));

    public bool IsRepeated(string name) => _repeated.Contains(name);

    /// <summary>Those of the address.</summary>
    /// <exception cref="OAuthRefusedException">There are too many.</exception>
    public static Parameters OfQuery(HttpRequest request) =>
        request.Query.Count <= Most ? new Parameters(request.Query) : throw TooMany();

    /// <summary>Those of a query that the gateway wrote itself.</summary>
    public static Parameters OfQuery(string query) => new(QueryHelpers.ParseQuery(query));

    /// <summary>Those of a form; null: the body is none.</summary>
    /// <exception cref="OAuthRefusedException">It is too large, or has too many.</exception>
    public static async Task<Parameters?> OfFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) return null;
        var text = await ReadAsync(request, cancellation);
        if (text.AsSpan().Count('&') > Most) throw TooMany();
        return new Parameters(QueryHelpers.ParseQuery(text));
    }

    private static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LargestBody + 1);
        try
        {
            var length = request.ContentLength > LargestBody ? LargestBody + 1
                : await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, LargestBody + 1), LargestBody + 1, false, cancellation);
            if (length > LargestBody) throw new OAuthRefusedException("invalid_request", "The form is larger than 32 KiB.");
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static OAuthRefusedException TooMany() => new("invalid_request", $"There are more than {Most} parameters.");
}
