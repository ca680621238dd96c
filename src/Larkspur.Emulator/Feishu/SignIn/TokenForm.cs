using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What a token endpoint of OAuth is asked: JSON, or a form.</summary>
internal sealed class TokenForm
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <exception cref="ApiRefusedException">20063: it is neither, a field is no text, or is given twice.</exception>
    public static TokenForm Read(ApiRequest request)
    {
        var form = new TokenForm();
        var isForm = request.Http.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        foreach (var (name, value) in request.Raw.IsEmpty ? [] : isForm ? Fields(request) : Members(request))
        {
            if (!form._fields.TryAdd(name, value)) throw OAuthRefusal.Of(request, OAuthRefusal.Malformed);
        }

        return form;
    }

    /// <summary>An empty field is none.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static IEnumerable<(string Name, string Value)> Fields(ApiRequest request) =>
        QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Raw.Span)).SelectMany(f => f.Value.Select(v => (f.Key, v ?? "")));

    private static IEnumerable<(string Name, string Value)> Members(ApiRequest request)
    {
        JsonNode? body;
        try
        {
            body = StrictJson.Parse(request.Raw.Span);
        }
        catch (JsonException)
        {
            throw OAuthRefusal.Of(request, OAuthRefusal.Malformed);
        }

        if (body is not JsonObject members) throw OAuthRefusal.Of(request, OAuthRefusal.Malformed);
        foreach (var (name, value) in members)
        {
            if (value is null) continue;
            yield return value is JsonValue text && text.TryGetValue<string>(out var said) ? (name, said)
                : throw OAuthRefusal.Of(request, OAuthRefusal.Malformed);
        }
    }
}
