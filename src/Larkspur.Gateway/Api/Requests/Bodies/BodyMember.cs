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

    public BodyMember(JsonPropertyInfo property)
    {
        _declared = property.AttributeProvider ?? throw new InvalidOperationException($"{property.Name} cannot be looked at.");
        _own = Find<RefusalAttribute>();
        Name = property.Name;
        IsRequired = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsFree = type == typeof(JsonElement);
        Demand = ItemOf(type) is { } item ? List(item, property.Options) : Single(type, property.Options);
    }

    public string Name { get; }

    public bool IsRequired { get; }

    /// <summary>Any JSON is taken.</summary>
    public bool IsFree { get; }

    /// <summary>Throws a <see cref="RequestRefusedException"/> where the value is not taken.</summary>
    public Action<JsonElement, JsonPath> Demand { get; }

    /// <param name="at">Where it should be.</param>
    /// <param name="unknown">Members that nobody knows.</param>
    public RequestRefusedException Missing(JsonPath at, IEnumerable<string> unknown) => (_own is { OfType: true } ? Own(at) : null)
        ?? BodyRefusals.Missing(at.Pointer, Name, unknown, Find<MissingHintAttribute>()?.Hint);

    private Action<JsonElement, JsonPath> Single(Type type, JsonSerializerOptions options)
    {
        if (IsFree) return static (_, _) => { };
        if (type == typeof(string)) return Text();
        if (type == typeof(DateTimeOffset)) return Time;
        if (type == typeof(int)) return Whole(int.MinValue, int.MaxValue);
        if (type == typeof(long)) return Whole(long.MinValue, long.MaxValue);
        return type == typeof(bool) ? Truth : Part(type, options);
    }

    private static Action<JsonElement, JsonPath> Part(Type type, JsonSerializerOptions options)
    {
        if (!type.IsAssignableTo(typeof(IRequestPart))) throw new InvalidOperationException($"No body is declared with {type}.");
        var contract = options.GetTypeInfo(type);
        return (value, at) => BodyShape.Of(contract).Demand(value, at);
    }

    private void Truth(JsonElement value, JsonPath at)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw Wrong(at, "true or false");
    }

    private Action<JsonElement, JsonPath> Text()
    {
        var longest = Longest();
        return (value, at) =>
        {
            var text = TextOf(value, at);
            if (text.Length > longest) throw Own(at) ?? BodyRefusals.TooLong(at.Pointer, longest);
        };
    }

    private void Time(JsonElement value, JsonPath at)
    {
        var text = TextOf(value, at);
        if (text.Length > RequestTime.Longest) throw BodyRefusals.TooLong(at.Pointer, RequestTime.Longest);
        if (!RequestTime.TryParse(text, out _)) throw Own(at) ?? BodyRefusals.BadTime(at.Pointer);
    }

    private Action<JsonElement, JsonPath> Whole(long least, long most)
    {
        var range = Find<RangeAttribute>();
        if (range is not null && _own is null) throw new InvalidOperationException($"Nothing says what is refused of {Name}.");
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < least || number > most)
                throw Wrong(at, "a whole number");
            if (range?.IsValid((int)number) == false) throw Own(at)!;
        };
    }

    private Action<JsonElement, JsonPath> List(Type type, JsonSerializerOptions options)
    {
        var most = Longest();
        var mayBeEmpty = Find<MayBeEmptyAttribute>() is not null;
        var item = type == typeof(string) ? TextItem() : type == typeof(long) ? NumberItem : Part(type, options);
        var kind = type == typeof(string) ? "texts" : type == typeof(long) ? "numbers" : "objects";
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.Array) throw Wrong(at, "a list of " + kind);
            var count = value.GetArrayLength();
            if (count == 0 && !mayBeEmpty) throw Own(at) ?? BodyRefusals.Empty(at.Pointer, "The list");
            if (count > most) throw Own(at) ?? BodyRefusals.TooMany(at.Pointer, most);
            var i = 0;
            foreach (var one in value.EnumerateArray()) item(one, new JsonPath(at, null, i++));
        };
    }

    private Action<JsonElement, JsonPath> TextItem()
    {
        var longest = Find<MaxItemLengthAttribute>()?.Length ?? throw new InvalidOperationException($"Items of {Name} have no bound.");
        return (value, at) =>
        {
            if (value.ValueKind != JsonValueKind.String) throw BodyRefusals.Wrong(at.Pointer, "a text");
            if (value.GetString() is not { Length: > 0 } text || text.Length > longest) throw BodyRefusals.BadItem(at.Pointer);
        };
    }

    private static void NumberItem(JsonElement value, JsonPath at)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _))
            throw RequestRefusedException.Impossible("bad_id", at.Pointer, "An id is a number.");
    }

    /// <summary>A text that says something. Half characters were looked for in the whole body.</summary>
    private string TextOf(JsonElement value, JsonPath at)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(at, "a text");
        return value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw BodyRefusals.Empty(at.Pointer);
    }

    private RequestRefusedException Wrong(JsonPath at, string wanted) =>
        (_own is { OfType: true } ? Own(at) : null) ?? BodyRefusals.Wrong(at.Pointer, wanted);

    private RequestRefusedException? Own(JsonPath at) =>
        _own is null ? null : new RequestRefusedException(_own.Status, _own.Word, at.Pointer, _own.Sentence);

    private int Longest() => Find<MaxLengthAttribute>()?.Length ?? throw new InvalidOperationException($"{Name} has no bound.");

    private T? Find<T>() where T : Attribute => _declared.GetCustomAttributes(typeof(T), true) is [T one, ..] ? one : null;

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
