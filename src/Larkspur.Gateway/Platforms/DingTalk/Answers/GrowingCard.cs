using System.Text;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>An answer that is written into an AI card. Frames are no rows: the newest text wins, and one that is lost is no loss. The end is a row.</summary>
/// <param name="app">Whose card.</param>
/// <param name="card">Its <c>outTrackId</c>.</param>
/// <param name="request">What it was begun with.</param>
/// <param name="writer">Sends the frames; null: the card is not known to be there, and its end makes it.</param>
/// <param name="outbox">Takes the end.</param>
/// <param name="pictures">Shows pictures after it.</param>
/// <param name="live">Where it is found until it is silent.</param>
internal sealed class GrowingCard(DingTalkApp app, string card, AnswerRequest request, AiCardWriter? writer, IOutbox outbox,
    DingTalkPictures pictures, LiveAnswers live) : IAnswer
{
    /// <summary>Frames show no more: nobody reads on in a card that changes; the end has all of it.</summary>
    private const int LongestShown = 60_000;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private bool _over;

    public string Card => card;

    public void Append(string text)
    {
        lock (_gate)
        {
            if (_over || string.IsNullOrEmpty(text)) return;
            _text.Append(text);
            Show();
        }
    }

    public void Replace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (_gate)
        {
            if (_over) return;
            _text.Clear().Append(text);
            Show();
        }
    }

    async ValueTask IAnswer.QuietAsync() => await QuietAsync();

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        var row = AnswerCards.RowOf(app, card, request.Reply, end, request.Language) with { Opened = writer is not null };
        await outbox.QueueAsync(unit, new QueuedMessage(DingTalkApps.Platform, app.Name, $"{request.Turn} end", row.Message()) { Reference = request.Reference });
        await pictures.QueueAsync(unit, request, end.Pictures);
        unit.AfterCommit(() => _ = QuietAsync());
    }

    /// <summary>No more frames; ends when the one on its way was answered.</summary>
    public async Task QuietAsync()
    {
        lock (_gate) _over = true;
        try
        {
            // Whatever became of the frames: the end has all of the text, and it is what must not be lost.
            if (writer is not null) await writer.LeaveAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            live.Remove(this);
        }
    }

    /// <summary>What was shown stays; the turn's next attempt goes on in the same card.</summary>
    public async ValueTask DisposeAsync() => await QuietAsync();

    private void Show()
    {
        if (writer is null || _text.Length is 0 or > LongestShown) return;
        var shown = GrowingMarkdown.WithoutOpenMarks(_text.ToString());
        if (shown.Length > 0) writer.Show(shown);
    }
}
