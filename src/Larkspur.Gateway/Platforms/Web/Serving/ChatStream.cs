using System.Buffers;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>One reader's stream of events (<c>text/event-stream</c>). The id of each event is the position with it: who comes back with one misses nothing and gets nothing twice.</summary>
internal sealed class ChatStream(HttpResponse response, WebSession session, LiveAnswers live)
{
    private readonly Dictionary<long, LivePlace> _answers = [];
    private readonly string _chat = ChatPosition.NameOf(session.Person);

    /// <summary>The newest change that was told.</summary>
    public long Seq { get; private set; }

    /// <summary>Answers that are shown while they are written.</summary>
    public IReadOnlyCollection<long> Follows => _answers.Keys;

    /// <summary>Something is written and not sent.</summary>
    public bool HasUnsent { get; private set; }

    /// <summary>Begins where the reader was; where that is unknown, now.</summary>
    /// <param name="seq">The chat's newest number.</param>
    /// <param name="open">Answers that are being written.</param>
    /// <param name="known">What the reader has; null: nothing, or what it says is no position.</param>
    /// <param name="isNew">The reader said nothing of what it has.</param>
    public void Begin(long seq, IReadOnlyList<ChatRow> open, ChatPosition? known, bool isNew)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        // Proxies that gather answers would hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        if (known is not null && known.Chat == _chat && known.Seq <= seq)
        {
            Seq = known.Seq;
            // Only what is this chat's: whatever a reader claims to know.
            foreach (var answer in open.Where(o => o.Seq <= known.Seq)) _answers[answer.Id] = known.Answers.GetValueOrDefault(answer.Id);
            Beat();
            return;
        }

        Seq = seq;
        if (isNew) Beat();
        else WriteJson("reset", "{}"u8);
        // Those that began later come with the changes.
        foreach (var answer in open.Where(o => o.Seq <= seq))
        {
            _answers[answer.Id] = default;
            Write("answer-begun", ChatMessageView.Of(answer, session));
        }
    }

    /// <summary>Tells a change.</summary>
    public void Write(ChatRow row)
    {
        Seq = row.Changed;
        if (row.IsOpen) _answers[row.Id] = default;
        else _answers.Remove(row.Id);
        Write(row.Kind switch
        {
            ChatKind.Question => "message",
            ChatKind.Words => "said",
            _ => row.IsOpen ? "answer-begun" : "answer-ended",
        }, ChatMessageView.Of(row, session));
    }

    /// <summary>Tells what answers have grown by.</summary>
    public void WriteTexts()
    {
        foreach (var (id, place) in _answers.ToArray())
        {
            if (live.Find(id)?.Since(place) is not { } piece) continue;
            _answers[id] = piece.Place;
            Write("answer-text", new ChatTextView(id, piece.Offset, piece.Text));
        }
    }

    /// <summary>Keeps the connection, and shows that it is.</summary>
    public void Beat()
    {
        response.BodyWriter.Write(":\n\n"u8);
        HasUnsent = true;
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        HasUnsent = false;
        await response.BodyWriter.FlushAsync(cancellation);
    }

    private void Write<T>(string name, T data) => WriteJson(name, JsonSerializer.SerializeToUtf8Bytes(data, ChatJson.Options));

    private void WriteJson(string name, ReadOnlySpan<byte> json)
    {
        var writer = response.BodyWriter;
        Encoding.UTF8.GetBytes($"id: {new ChatPosition(_chat, Seq, _answers)}\nevent: {name}\ndata: ", writer);
        writer.Write(json);
        writer.Write("\n\n"u8);
        HasUnsent = true;
    }
}
