using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>An application's answer: nothing that was sent can grow, so it comes whole, in as many messages of 2,048 bytes as it takes.</summary>
internal sealed class WholeAnswer(AnswerRequest request, WeComReplyTo to, bool canClick, ReplyParts parts) : IAnswer
{
    public void Append(string text)
    {
        // Nobody sees it grow; the end has all of it.
    }

    public void Replace(string text)
    {
        // As above.
    }

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        var buttons = canClick ? WeComButtons.Of(request.Turn, end.Buttons, request.Language) : null;
        if (buttons is not null) await parts.Store.RememberAsync(unit, request.App, request.Turn, buttons.ToJson());
        await WeComReplyRows.QueueAsync(parts.Outbox, unit, request.App, to, StreamFace.Whole(end.Text, end.Note), buttons, canClick, isPlain: false, "answer " + request.Turn, request.Reference);
        await parts.Pictures.QueueAsync(unit, request, to, end.Pictures);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
