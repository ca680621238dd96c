using System.Globalization;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.Gateway.Storage;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Makes rows of what is said in one piece: as many messages as the platform's bounds need, in order, and the buttons in a card after them.</summary>
internal static class WeComReplyRows
{
    /// <summary>Characters of a button card's title that a phone shows.</summary>
    private const int LongestTitle = 26;

    /// <summary>The words with heading and small print.</summary>
    public static string Of(MarkdownCard card)
    {
        var content = card.IsPlain ? Plain(card.Text) : card.Text;
        return StreamFace.Whole(card.Title is { Length: > 0 } title ? $"**{title}**\n\n{content}" : content, card.Note);
    }

    /// <summary>The card with its buttons; null: it has none.</summary>
    /// <param name="card">What is said.</param>
    /// <param name="response">What it was compiled of.</param>
    /// <param name="key">Why: the card's id is made from it.</param>
    public static WeComButtons? Buttons(MarkdownCard card, UnifiedResponse response, string key) => response.Buttons is not [var first, ..] ? null : WeComButtons.Of(
        WeComButtons.IdOf(first.Action.Turn, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)).AsSpan(0, 12))),
        ResponseCards.Buttons(card, response), Languages.Of(response.Content) ?? Language.Chinese) is not { } buttons ? null
        : card.Title is { Length: > 0 } title ? buttons with { Title = title.Length <= LongestTitle ? title : title[..(LongestTitle - 1)] + "…" } : buttons;

    /// <param name="outbox">Where rows go.</param>
    /// <param name="unit">The transaction.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="to">Where it is said.</param>
    /// <param name="text">Markdown, or words when <paramref name="isPlain"/>.</param>
    /// <param name="buttons">Shown after it; null: none.</param>
    /// <param name="canClick">The platform takes cards with buttons there.</param>
    /// <param name="isPlain">Nothing in it is markup.</param>
    /// <param name="key">Names the reason.</param>
    /// <param name="reference">What people may quote.</param>
    public static async ValueTask QueueAsync(IOutbox outbox, IUnitOfWork unit, string app, WeComReplyTo to, string text, WeComButtons? buttons, bool canClick, bool isPlain, string key, string reference)
    {
        var type = isPlain && !to.IsBot ? WeComMessage.Text : WeComMessage.Markdown;
        var pages = to.IsBot ? WeComPages.Split(text, AiBotLimits.ContentBytes) : WeComPages.Split(isPlain ? text : WeComMarkdown.Reduce(text), WeComSending.ApplicationBytes);
        for (var i = 0; i < pages.Count; i++) await AddAsync(new WeComMessage { Content = pages[i] }.To(to, app, type), i == 0 ? key : string.Create(CultureInfo.InvariantCulture, $"{key} page {i}"));
        if (buttons is not null && canClick) await AddAsync(new WeComMessage { Buttons = buttons }.To(to, app, WeComMessage.Card) with { FallsBack = false }, key + " buttons");

        async ValueTask AddAsync(OutboxMessage message, string name) => await outbox.QueueAsync(unit, new QueuedMessage(WeComApps.Platform, app, name, message) { Reference = reference });
    }

    /// <summary>Words that may hold anything: what WeCom would take for markup is broken up.</summary>
    private static string Plain(string words) => words
        .Replace("<", "＜", StringComparison.Ordinal)
        .Replace("](", "]\u2060(", StringComparison.Ordinal);
}
