using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>
/// What a record takes as an object of a body. It is asked before the contract reads: a serializer stops at the first thing that is wrong
/// with words for its own programmers.
/// </summary>
internal sealed class BodyShape
{
    private static readonly ConcurrentDictionary<JsonTypeInfo, BodyShape> Shapes = new();

    private readonly BodyMember[] _members;
    private readonly FrozenSet<string> _names;

    private BodyShape(JsonTypeInfo contract)
    {
        _members = [.. contract.Properties.Select(property => new BodyMember(property))];
        _names = _members.Select(m => m.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Of a contract that the compiler made.</summary>
    public static BodyShape Of(JsonTypeInfo contract) => Shapes.GetOrAdd(contract, made => new BodyShape(made));

    /// <summary>Members that are left to a grammar of their own.</summary>
    public IEnumerable<string> Free => _members.Where(m => m.IsFree).Select(m => m.Name);

    /// <summary>Reads an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="contract">What it is to be.</param>
    /// <param name="pointer">Where it stands in the body.</param>
    /// <exception cref="Common.Refusals.RequestRefusedException">It is not what the record declares.</exception>
    public static T Read<T>(JsonElement json, JsonTypeInfo<T> contract, string pointer) where T : class, IRequestPart
    {
        Of(contract).Demand(json, new JsonPath(null, pointer, 0));
        return JsonSerializer.Deserialize(json, contract)!;
    }

    /// <summary>It can be read: what is required is there, what is there is in its bounds, and what is <c>null</c> counts as
    /// absent.</summary>
    /// <exception cref="Common.Refusals.RequestRefusedException">It is not so.</exception>
    public void Demand(JsonElement json, JsonPath at)
    {
        if (json.ValueKind != JsonValueKind.Object) throw BodyRefusals.Wrong(at.Pointer, "an object");
        foreach (var member in _members)
        {
            var place = new JsonPath(at, member.Name, 0);
            if (json.TryGetProperty(member.Name, out var value) && value.ValueKind != JsonValueKind.Null) member.Demand(value, place);
            else if (member.IsRequired) throw member.Missing(place, UnknownIn(json));
        }

        foreach (var name in UnknownIn(json)) throw BodyRefusals.Unknown(new JsonPath(at, name, 0).Pointer, name, _names);
    }

    private IEnumerable<string> UnknownIn(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.Null && !_names.Contains(member.Name)) yield return member.Name;
    }
}
