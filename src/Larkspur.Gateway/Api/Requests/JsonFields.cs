using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>The members of a JSON object, taken one by one; what is left at the end is unknown and refused by its name.</summary>
/// <remarks>A member that is <c>null</c> counts as absent.</remarks>
internal sealed class JsonFields
{
    private const int ShownLength = 64;

    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);

    /// <summary>Names that were asked for: what a member that nobody knows may have meant.</summary>
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly string _pointer;

    private JsonFields(string pointer) => _pointer = pointer;

    /// <summary>Members that nobody has taken yet.</summary>
    public IReadOnlyCollection<string> Left => _left.Keys;

    /// <exception cref="RequestRefusedException">It is no object.</exception>
    public static JsonFields Of(JsonElement element, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong(pointer, "an object");
        var fields = new JsonFields(pointer);
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null) fields._left[NameOf(member, pointer)] = member.Value;
        }

        return fields;
    }

    /// <summary>
    /// What a repeat under one idempotency key must say again: the members that nobody has taken yet, but for the key, in whatever order and
    /// with whatever blanks between them.
    /// </summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        _left.Where(m => m.Key != "key").OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"{m.Key}={JsonSerializer.Serialize(m.Value, RequestJson.AsDeep)}")))));

    /// <summary>A member's JSON pointer.</summary>
    public string At(string name) => At(_pointer, name);

    /// <summary>The JSON pointer of a member of what stands at <paramref name="pointer"/>.</summary>
    public static string At(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public bool Has(string name)
    {
        _asked.Add(name);
        return _left.ContainsKey(name);
    }

    /// <summary>A member without taking it.</summary>
    public JsonElement? Peek(string name) => _left.TryGetValue(name, out var value) ? value : null;

    public JsonElement? Any(string name)
    {
        _asked.Add(name);
        return _left.Remove(name, out var value) ? value : null;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(string name, int longest = 256)
    {
        if (Any(name) is not { } value) return null;
        var text = TextOf(value, At(name));
        if (string.IsNullOrWhiteSpace(text)) throw RequestRefusedException.Malformed("empty", At(name), "It must not be empty.");
        if (text.Length > longest) throw RequestRefusedException.Impossible("too_long", At(name), $"It may have {longest.ToString(CultureInfo.InvariantCulture)} characters.");
        return text;
    }

    public bool? Truth(string name) => Any(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(At(name), "true or false");

    public JsonFields? Object(string name) => Any(name) is { } value ? Of(value, At(name)) : null;

    /// <summary>A list of up to <paramref name="most"/> texts; none of them empty.</summary>
    public IReadOnlyList<string>? Texts(string name, int most, int longest = 256)
    {
        if (Any(name) is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(At(name), "a list of texts");
        if (list.GetArrayLength() == 0) throw RequestRefusedException.Malformed("empty", At(name), "The list must not be empty.");
        if (list.GetArrayLength() > most) throw RequestRefusedException.Impossible("too_many", At(name), $"There may be {most.ToString(CultureInfo.InvariantCulture)} of them.");
        return [.. list.EnumerateArray().Select((value, i) => TextOf(value, $"{At(name)}/{i}") is { Length: > 0 } text && text.Length <= longest
            ? text
            : throw RequestRefusedException.Impossible("bad_id", $"{At(name)}/{i}", "It is empty or too long."))];
    }

    /// <exception cref="RequestRefusedException">It is absent.</exception>
    public T Need<T>(string name, T? value) where T : class
    {
        if (value is not null) return value;
        var meant = _left.Keys.FirstOrDefault(left => Spelling.Nearest(left, [name]) is not null);
        var hint = meant is null ? "" : $" Did \"{Shown(meant)}\" mean it?";
        throw RequestRefusedException.Malformed("missing", At(name), $"\"{name}\" is missing.{hint}");
    }

    /// <summary>None of the members that are left is one of these names, mistyped.</summary>
    /// <exception cref="RequestRefusedException">One is.</exception>
    public void DemandKnown(IReadOnlyCollection<string> names)
    {
        foreach (var left in _left.Keys)
            if (Spelling.Nearest(Shown(left), names) is { } meant && !names.Contains(left)) throw Unknown(left, meant);
    }

    /// <summary>Nothing more is expected.</summary>
    /// <exception cref="RequestRefusedException">There is a member that nobody knows.</exception>
    public void End()
    {
        foreach (var name in _left.Keys) throw Unknown(name, Spelling.Nearest(Shown(name), _asked));
    }

    private RequestRefusedException Unknown(string name, string? meant) => RequestRefusedException.Malformed(
        "unknown_field", At(Shown(name)),
        $"There is no field \"{Shown(name)}\" here.{(meant is null ? "" : $" Did you mean \"{meant}\"?")}");

    /// <exception cref="RequestRefusedException">It is no text, or one that no encoding can write (half an emoji).</exception>
    public static string TextOf(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(pointer, "a text");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Unreadable(pointer, "The text");
        }
    }

    public static string Shown(string text) => string.Concat(text.Take(ShownLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    /// <exception cref="RequestRefusedException">No encoding can write it.</exception>
    public static string NameOf(JsonProperty member, string pointer)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw Unreadable(pointer, "A field's name");
        }
    }

    private static RequestRefusedException Unreadable(string pointer, string what) => RequestRefusedException.Malformed(
        "bad_text", pointer.Length == 0 ? null : pointer, $"{what} holds half a character (an unpaired surrogate).");

    private static RequestRefusedException Wrong(string pointer, string wanted) =>
        RequestRefusedException.Malformed("wrong_type", pointer.Length == 0 ? null : pointer, $"{(pointer.Length == 0 ? "The body" : "It")} must be {wanted}.");
}
