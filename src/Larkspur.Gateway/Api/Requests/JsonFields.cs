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
        if (element.ValueKind != JsonValueKind.Object) throw BodyRefusals.Wrong(pointer, "an object");
        var fields = new JsonFields(pointer);
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null) fields._left[NameOf(member, pointer)] = member.Value;
        }

        return fields;
    }

    /// <summary>Of an object whose other members are read by others.</summary>
    public static JsonFields Of(JsonElement element, string pointer, IEnumerable<string> names)
    {
        var fields = new JsonFields(pointer);
        foreach (var name in names)
            if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) fields._left[name] = value;
        return fields;
    }

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
        if (string.IsNullOrWhiteSpace(text)) throw BodyRefusals.Empty(At(name));
        if (text.Length > longest) throw BodyRefusals.TooLong(At(name), longest);
        return text;
    }

    public bool? Truth(string name) => Any(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw BodyRefusals.Wrong(At(name), "true or false");

    public JsonFields? Object(string name) => Any(name) is { } value ? Of(value, At(name)) : null;

    /// <summary>A list of up to <paramref name="most"/> texts; none of them empty.</summary>
    public IReadOnlyList<string>? Texts(string name, int most, int longest = 256)
    {
        if (Any(name) is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) throw BodyRefusals.Wrong(At(name), "a list of texts");
        if (list.GetArrayLength() == 0) throw BodyRefusals.Empty(At(name), "The list");
        if (list.GetArrayLength() > most) throw BodyRefusals.TooMany(At(name), most);
        return [.. list.EnumerateArray().Select((value, i) => TextOf(value, $"{At(name)}/{i}") is { Length: > 0 } text && text.Length <= longest
            ? text
            : throw BodyRefusals.BadItem($"{At(name)}/{i}"))];
    }

    /// <exception cref="RequestRefusedException">It is absent.</exception>
    public T Need<T>(string name, T? value) where T : class => value ?? throw BodyRefusals.Missing(At(name), name, _left.Keys);

    /// <summary>None of the members that are left is one of these names, mistyped.</summary>
    /// <exception cref="RequestRefusedException">One is.</exception>
    public void DemandKnown(IReadOnlyCollection<string> names)
    {
        foreach (var left in _left.Keys)
            if (!names.Contains(left) && Spelling.Nearest(Shown(left), names) is not null)
                throw BodyRefusals.Unknown(At(Shown(left)), left, names);
    }

    /// <summary>Nothing more is expected.</summary>
    /// <exception cref="RequestRefusedException">There is a member that nobody knows.</exception>
    public void End()
    {
        foreach (var name in _left.Keys) throw BodyRefusals.Unknown(At(Shown(name)), name, _asked);
    }

    /// <exception cref="RequestRefusedException">It is no text, or one that no encoding can write (half an emoji).</exception>
    public static string TextOf(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.String) throw BodyRefusals.Wrong(pointer, "a text");
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
}
