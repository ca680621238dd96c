using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Cardkit.V1;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>A CardKit card entity and its operations. Each carries a number that rises over all operations on the card, and a key of its own.</summary>
/// <remarks>
/// An entity is sent once, lives 14 days, takes ten operations a second, and belongs to the app that made it. Source: cardkit-v1. Numbers may have gaps.
/// Not thread-safe: one operation after another.
/// </remarks>
/// <param name="client">The app that made it.</param>
/// <param name="cardId">The entity.</param>
/// <param name="numbers">Where numbers come from.</param>
public sealed class CardEntity(FeishuClient client, string cardId, ICardSequence numbers)
{
    /// <summary>The entity's id.</summary>
    public string CardId { get; } = cardId;

    /// <summary>Makes an entity. A repeat after a lost answer makes another one, which nobody sees.</summary>
    /// <exception cref="FeishuApiException">The card is refused, or the app may not.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public static async Task<string> CreateAsync(FeishuClient client, string cardJson, FeishuCallOptions? call = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        // The API has no key of its own; naming one only says that it may be tried again.
        var request = new FeishuRequest(Endpoints.CardCreate) { Body = new Dictionary<string, string> { ["type"] = "card_json", ["data"] = cardJson }, IdempotencyKey = "unseen until it is sent" };
        var made = await client.SendAsync<CardCreateResponse>(request, call, cancellation);
        return made.CardId is { Length: > 0 } id ? id : throw new FeishuApiException($"{Endpoints.CardCreate.Id} succeeded and names no card.") { Endpoint = Endpoints.CardCreate.Id, HttpStatus = 200 };
    }

    /// <summary>Content of the message that shows the entity.</summary>
    public static string MessageContent(string cardId) => $$$"""{"type":"card","data":{"card_id":"{{{cardId}}}"}}""";

    /// <summary>Sets the whole text of a component; the client types what was added.</summary>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    public Task WriteAsync(string elementId, string text, FeishuCallOptions? call = null, CancellationToken cancellation = default) => NumberedAsync(
        number => client.Cardkit.V1.Card.Element.ContentAsync(new() { CardId = CardId, ElementId = elementId, Content = text, Sequence = number, Uuid = Key(number) }, call, cancellation), cancellation);

    /// <summary>Changes settings, such as <see cref="StreamingCardFace.Closed"/>.</summary>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    public Task SetAsync(string settings, FeishuCallOptions? call = null, CancellationToken cancellation = default) => NumberedAsync(
        number => client.Cardkit.V1.Card.SettingsAsync(new() { CardId = CardId, Settings = settings, Sequence = number, Uuid = Key(number) }, call, cancellation), cancellation);

    /// <summary>Replaces the whole card.</summary>
    /// <exception cref="FeishuApiException">It is refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; it may have been done.</exception>
    public Task UpdateAsync(string cardJson, FeishuCallOptions? call = null, CancellationToken cancellation = default) => NumberedAsync(
        number => client.Cardkit.V1.Card.UpdateAsync(
            new() { CardId = CardId, Card = new() { Type = "card_json", Data = cardJson }, Sequence = number, Uuid = Key(number) }, call, cancellation), cancellation);

    private async Task NumberedAsync(Func<int, Task> operation, CancellationToken cancellation)
    {
        for (var refusals = 0; ; refusals++)
        {
            var number = await numbers.NextAsync(cancellation);
            try
            {
                await operation(number);
                return;
            }
            catch (FeishuApiException refused) when (CardKitCodes.IsSequence(refused.Code) && refusals < 4)
            {
                // Somebody else has operated on the card: leap, ten times as far each time.
                await numbers.LeapAsync((int)Math.Pow(10, refusals + 3), cancellation);
            }
        }
    }

    // Within the card's own numbers: no two operations share one.
    private string Key(int number) => $"{CardId}-{number}";
}

/// <summary>Numbers for a card's operations: each larger than all that were given before, also before a crash.</summary>
public interface ICardSequence
{
    /// <summary>The next number, 1 to 2,147,483,647.</summary>
    ValueTask<int> NextAsync(CancellationToken cancellation);

    /// <summary>The next number is at least this much larger than the last.</summary>
    ValueTask LeapAsync(int by, CancellationToken cancellation);
}

/// <summary>Numbers that end with the process.</summary>
public sealed class CountingSequence : ICardSequence
{
    private int _last;

    /// <inheritdoc/>
    public ValueTask<int> NextAsync(CancellationToken cancellation) => ValueTask.FromResult(Interlocked.Increment(ref _last));

    /// <inheritdoc/>
    public ValueTask LeapAsync(int by, CancellationToken cancellation)
    {
        Interlocked.Add(ref _last, by);
        return ValueTask.CompletedTask;
    }
}
