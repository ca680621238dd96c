using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>A member that a record declares, and what it takes.</summary>
internal sealed class BodyMember
{
    private readonly ICustomAttributeProvider _declared;
    private readonly RefusalAttribute? _own;
    private readonly Action<JsonElement, JsonPath> _demand;

    private BodyMember(JsonPropertyInfo property)
    {
        _declared = property.AttributeProvider ?? throw new InvalidOperationException($"The declaration of {property.Name} cannot be read.");
        (Name, IsRequired) = (property.Name, property.IsRequired
            || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false });
        _own = Find<RefusalAttribute>();
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsFree = type == typeof(JsonElement);
        _demand = ItemOf(type) is { } item ? List(Single(item, property, isItem: true), item) : Single(type, property, isItem: false);
    }

    public string Name { get; }

    public bool IsRequired { get; }

    /// <summary>Any JSON is taken.</summary>
    public bool IsFree { get; }

    public static BodyMember Of(JsonPropertyInfo property) => new(property);

    /// <exception cref="RequestRefusedException">It is not taken.</exception>
    public void Demand(JsonElement value, JsonPath at) => _demand(value, at);

    /// <param name="at">Where it should be.</param>
    /// <param name="unknown">Members that nobody knows.</param>
    public RequestRefusedException Missing(JsonPath at, IEnumerable<string> unknown) => (_own is { OfType: true } ? OutOfBounds(at) : null)
        ?? BodyRefusals.Missing(at.Pointer, Name, unknown, Find<MissingHintAttribute>()?.Hint);

    private Action<JsonElement, JsonPath> Single(Type type, JsonPropertyInfo property, bool isItem)
    {
        if (type == typeof(JsonElement)) return static (_, _) => { };
        if (type == typeof(string)) return isItem ? TextItem(Find<MaxItemLengthAttribute>()?.Length) : Text(Find<MaxLengthAttribute>()?.Length);
        if (type == typeof(bool)) return (value, at) =>
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw Wrong(at, "true or false");
        };
        if (type == typeof(int) || type == typeof(long)) return isItem ? Id : Whole(type == typeof(int));
        if (type == typeof(DateTimeOffset)) return Time;
        if (!type.IsAssignableTo(typeof(IRequestPart))) throw new InvalidOperationException($"No body is declared with {type}.");
        var part = property.Options.GetTypeInfo(type);
        return (value, at) => BodyShape.Of(part).Demand(value, at);
    }

    private Action<JsonElement, JsonPath> Text(int? length)
    {
        var longest = length ?? throw Unbounded();
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.String) throw Wrong(at, "a text");
            var text = JsonFields.TextOf(value, "");
            if (string.IsNullOrWhiteSpace(text)) throw BodyRefusals.Empty(at.Pointer);
            if (text.Length > longest) throw OutOfBounds(at) ?? BodyRefusals.TooLong(at.Pointer, longest);
        };
    }

    private Action<JsonElement, JsonPath> TextItem(int? length)
    {
        var longest = length ?? throw Unbounded();
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.String) throw BodyRefusals.Wrong(at.Pointer, "a text");
            if (JsonFields.TextOf(value, "") is not { Length: > 0 } text || text.Length > longest) throw BodyRefusals.BadItem(at.Pointer);
        };
    }

    private static void Id(JsonElement value, JsonPath at)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _))
            throw RequestRefusedException.Impossible("bad_id", at.Pointer, "An id is a number.");
    }

    private Action<JsonElement, JsonPath> Whole(bool isShort)
    {
        var range = Find<RangeAttribute>();
        if (range is not null && _own is null) throw new InvalidOperationException($"Nothing says what is refused of {Name}.");
        var (least, most) = range is null ? (long.MinValue, long.MaxValue) : (Convert.ToInt64(range.Minimum), Convert.ToInt64(range.Maximum));
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || (isShort && number != (int)number))
                throw Wrong(at, "a whole number");
            if (number < least || number > most) throw OutOfBounds(at)!;
        };
    }

    private void Time(JsonElement value, JsonPath at)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(at, "a text");
        var text = JsonFields.TextOf(value, "");
        if (string.IsNullOrWhiteSpace(text)) throw BodyRefusals.Empty(at.Pointer);
        if (text.Length > RequestTime.Longest) throw BodyRefusals.TooLong(at.Pointer, RequestTime.Longest);
        if (!RequestTime.TryParse(text, out _)) throw OutOfBounds(at) ?? BodyRefusals.BadTime(at.Pointer);
    }

    private Action<JsonElement, JsonPath> List(Action<JsonElement, JsonPath> item, Type type)
    {
        var most = Find<MaxLengthAttribute>()?.Length ?? throw Unbounded();
        var mayBeEmpty = Find<MayBeEmptyAttribute>() is not null;
        var kind = type == typeof(string) ? "a list of texts" : type == typeof(long) ? "a list of numbers" : "a list of objects";
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.Array) throw Wrong(at, kind);
            var count = value.GetArrayLength();
            if (count == 0 && !mayBeEmpty) throw OutOfBounds(at) ?? BodyRefusals.Empty(at.Pointer, "The list");
            if (count > most) throw OutOfBounds(at) ?? BodyRefusals.TooMany(at.Pointer, most);
            var i = 0;
            foreach (var one in value.EnumerateArray()) item(one, new JsonPath(at, null, i++));
        };
    }

    private RequestRefusedException Wrong(JsonPath at, string wanted) =>
        (_own is { OfType: true } ? OutOfBounds(at) : null) ?? BodyRefusals.Wrong(at.Pointer, wanted);

    private RequestRefusedException? OutOfBounds(JsonPath at) =>
        _own is null ? null : new RequestRefusedException(_own.Status, _own.Word, at.Pointer, _own.Sentence);

    private T? Find<T>() where T : Attribute => _declared.GetCustomAttributes(typeof(T), true) is [T one, ..] ? one : null;

    private InvalidOperationException Unbounded() => new($"Nothing says how long {Name} may be.");

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
