using System.Text.Json;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Where somebody who has just written is told something. Whoever says it knows what the address means.</summary>
/// <param name="Platform">Of their account.</param>
/// <param name="App">The app that they wrote to.</param>
/// <param name="ChatId">The chat that they wrote in.</param>
/// <param name="Address">Its address for answers, as the channel wrote it.</param>
/// <param name="Language">Of our words, a tag.</param>
/// <param name="Reference">What they may quote.</param>
internal sealed record LinkContact(string Platform, string App, string ChatId, string Address, string Language, string Reference)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <exception cref="JsonException">It is none.</exception>
    public static LinkContact FromJson(string json) => JsonSerializer.Deserialize<LinkContact>(json) ?? throw new JsonException("null");
}
