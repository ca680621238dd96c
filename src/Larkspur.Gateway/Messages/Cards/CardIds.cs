using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>
/// Ids of cards that are sent: the same for a repeated request, in whatever process it is repeated, and unknown to everybody who has not seen the card.
/// </summary>
internal sealed class CardIds(SharedSecrets secrets)
{
    private const string Secret = "card ids";

    /// <inheritdoc cref="StoredCard.IdOf"/>
    public async ValueTask<string> OfAsync(string app, string key, string model, CancellationToken cancellation) =>
        StoredCard.IdOf(await secrets.GetAsync(Secret, cancellation), app, key, model);
}
