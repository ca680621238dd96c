using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>An answer where there is no card: nothing is seen of it until it is whole, then it comes as Markdown messages. A message cannot be changed on DingTalk.</summary>
internal sealed class PlainAnswer(DingTalkApp app, AnswerRequest request, IOutbox outbox, DingTalkPictures pictures) : IAnswer
{
    public void Append(string text)
    {
        // Nothing to grow in.
    }

    public void Replace(string text)
    {
        // Nothing to grow in.
    }

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        var text = AnswerCards.WithNote(end.Text, end.Note);
        await PlainParts.QueueAsync(outbox, unit, app.Name, request.Reply, text, DingTalkRow.Markdown, request.Language, $"{request.Turn} end", request.Reference);
        await pictures.QueueAsync(unit, request, end.Pictures);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A text as messages, each a row of its own: none is sent twice because a later one failed.</summary>
internal static class PlainParts
{
    /// <param name="outbox">Takes them.</param>
    /// <param name="unit">The transaction.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="to">Where.</param>
    /// <param name="text">Markdown or text.</param>
    /// <param name="kind">Which of the two.</param>
    /// <param name="language">Of our words, should it be too long.</param>
    /// <param name="key">The rows' keys begin with it.</param>
    /// <param name="reference">What people may quote.</param>
    public static async ValueTask QueueAsync(IOutbox outbox, IUnitOfWork unit, string app, ReplyAddress to, string text, string kind, Language language, string key, string reference)
    {
        var shown = kind == DingTalkRow.Markdown ? DingTalkMarkdown.ForMessage(text) : text;
        if (string.IsNullOrWhiteSpace(shown)) return;
        var parts = MessageParts.Of(shown, BotTexts.StreamCut.In(language));
        for (var i = 0; i < parts.Count; i++)
        {
            // Who asked is addressed once.
            var message = DingTalkRow.Message(to, kind, parts[i], addresses: i == 0);
            await outbox.QueueAsync(unit, new QueuedMessage(DingTalkApps.Platform, app, i == 0 ? key : $"{key} {i + 1}", message) { Reference = reference });
        }
    }
}
