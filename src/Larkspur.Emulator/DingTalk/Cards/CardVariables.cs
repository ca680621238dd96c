using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>Reads <c>cardParamMap</c>: every value is text, numbers and lists too, as JSON.</summary>
/// <remarks>The code of a value that is too long or no text is UNVERIFIED.</remarks>
internal static class CardVariables
{
    /// <summary>UTF-8.</summary>
    public const int MostKeyBytes = 100;
    /// <summary>UTF-8; also all of one person's variables together.</summary>
    public const int MostValueBytes = 1024;
    private const string Wrong = "param.error";

    /// <param name="longKey">A variable that may be longer: an AI card's text, which streams in any length.</param>
    /// <returns><see langword="null"/> when <paramref name="holder"/> has no map.</returns>
    public static ImmutableSortedDictionary<string, string>? Read(JsonNode? holder, string? longKey = null)
    {
        if (holder is null) return null;
        if (holder is not JsonObject data || data["cardParamMap"] is not { } node) return null;
        if (node is not JsonObject map) throw DingTalkRefusal.New(Wrong, "cardParamMap is no object");
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MostKeyBytes) throw DingTalkRefusal.New(Wrong, $"a variable's name has 1 to {MostKeyBytes} bytes");
            if (value is not JsonValue v || !v.TryGetValue<string>(out var text)) throw DingTalkRefusal.New(Wrong, $"the value of {key} is no text");
            if (key != longKey && Encoding.UTF8.GetByteCount(text) > MostValueBytes) throw DingTalkRefusal.New(Wrong, $"the value of {key} is longer than {MostValueBytes} bytes");
            variables[key] = text;
        }

        return variables.ToImmutable();
    }

    /// <summary>One person's variables.</summary>
    public static ImmutableSortedDictionary<string, string> ReadPrivate(JsonNode? holder)
    {
        var own = Read(holder) ?? ImmutableSortedDictionary<string, string>.Empty;
        return own.Sum(v => Encoding.UTF8.GetByteCount(v.Key) + Encoding.UTF8.GetByteCount(v.Value)) > MostValueBytes ? throw DingTalkRefusal.New(Wrong, $"a person's variables are longer than {MostValueBytes} bytes") : own;
    }
}

/// <summary>What a card is to become: by an update, or by the answer to a click.</summary>
internal sealed record CardChange
{
    public ImmutableSortedDictionary<string, string>? Data { get; init; }

    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> PrivateData { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Otherwise what is not named is gone.</summary>
    public bool DataByKey { get; init; }

    public bool PrivateByKey { get; init; }

    public CardInstance Apply(CardInstance card)
    {
        if (Data is { } data) card = card with { Data = DataByKey ? card.Data.SetItems(data) : data };
        foreach (var (userId, own) in PrivateData)
        {
            var present = PrivateByKey && card.PrivateData.TryGetValue(userId, out var held) ? held.SetItems(own) : own;
            card = card with { PrivateData = card.PrivateData.SetItem(userId, present) };
        }

        return card.WithStageOfData();
    }
}
