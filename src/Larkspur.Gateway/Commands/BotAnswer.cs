using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands;

/// <summary>What the bot says in one piece: words or a card. Each platform gives it the best form that it has.</summary>
public sealed class BotAnswer
{
    private readonly Func<string, UnifiedResponse> _response;

    private BotAnswer(Func<string, UnifiedResponse> response) => _response = response;

    /// <summary>The answer to somebody who reads this locale.</summary>
    internal UnifiedResponse In(string locale) => _response(locale);

    /// <summary>Plain words: nothing in them is taken for markup, and no one is called by them.</summary>
    public static BotAnswer Text(string words)
    {
        ArgumentException.ThrowIfNullOrEmpty(words);
        return new BotAnswer(_ => UnifiedResponse.Text(words));
    }

    /// <summary>Markdown of the common kind: emphasis, lists, links, code.</summary>
    /// <param name="content">The words. What people wrote must be escaped in it.</param>
    /// <param name="title">Heading; null: none.</param>
    public static BotAnswer Markdown(string content, string? title = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(content);
        return new BotAnswer(_ => new UnifiedResponse(content) { Title = title });
    }

    /// <summary>
    /// A card in no platform's words. Feishu draws all of it; WeCom, DingTalk and the web show heading, text and facts in the caller's
    /// language, no inputs and no actions that call back.
    /// </summary>
    /// <param name="card">The card.</param>
    /// <param name="action">
    /// Who hears of clicks: what <see cref="PluginBuilder.OnCardAction{T}"/> returned. Null: the card has no actions that call back.
    /// </param>
    /// <param name="id">Your own id of the card; clicks bring it back as the value's member <c>card</c>.</param>
    public static BotAnswer Card(CardMessage card, PluginCardAction? action = null, string id = "")
    {
        ArgumentNullException.ThrowIfNull(card);
        if (action is null && card.Callbacks.Any())
            throw new ArgumentException("The card has actions that call back: say who hears of them.", nameof(action));
        return new BotAnswer(locale => new UnifiedResponse(card.Title.In(locale))
        {
            Kind = ResponseKind.Card, Card = card, Locale = locale, Face = new CardFace(action?.Kind ?? "", id),
        });
    }

    /// <summary>A card as Feishu's builder draws it. Other platforms show its text.</summary>
    /// <param name="card">The card. Buttons have a callback value with <c>kind</c> = <see cref="PluginCardAction.Kind"/>.</param>
    public static BotAnswer Card(CardBuilder card)
    {
        ArgumentNullException.ThrowIfNull(card);
        var drawn = card.ToJson();
        return new BotAnswer(locale => UnifiedResponse.Text(CardText.Of(drawn, locale)) with { DrawnCard = drawn });
    }
}
