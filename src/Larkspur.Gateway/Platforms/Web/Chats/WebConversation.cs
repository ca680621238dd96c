using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>The assistant in the web chat. What is said is rows, which readers fetch; what is being written is in memory, and its last face a row again.</summary>
internal sealed class WebConversation(IDatabase database, LiveAnswers live, ChatReaders readers, ResponseCards cards, TimeProvider clock) : IConversationChannel
{
    /// <summary>Kind of a <see cref="ReplyAddress"/>: the person whose chat it is.</summary>
    public const string TargetType = "person";

    public string Platform => WebChat.Platform;

    public IReadOnlyList<ChannelKind> Kinds { get; } =
    [
        new(WebChat.Platform, null, WebTexts.WebChat, new HashSet<ChannelCapability>
        {
            ChannelCapability.Files, ChannelCapability.GrowingAnswers, ChannelCapability.AnswerButtons,
        }),
    ];

    public async ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference)
    {
        var card = cards.Markdown(Platform, response);
        var added = await ChatStore.AddAsync(unit, new ChatRow
        {
            Person = to.Target, Kind = ChatKind.Words, Key = "say " + key, Text = card.Text, Reference = reference, At = clock.GetUtcNow(),
            Face = new ChatFace { IsMarkdown = !card.IsPlain, Title = card.Title, Note = card.Note, Buttons = ChatFace.ButtonsOf(ResponseCards.Buttons(card, response)) },
        });
        if (added is not null) unit.AfterCommit(() => readers.Changed(added.Person));
    }

    /// <summary>One chat for all of a person's accounts on the web.</summary>
    public PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account) => new(WebChat.App, new ReplyAddress(person.Id, TargetType, person.Id));

    public async Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation)
    {
        var key = "turn " + request.Turn;
        var row = await database.TransactAsync(async unit =>
        {
            var added = await ChatStore.AddAsync(unit, new ChatRow
            {
                Person = request.Reply.Target, Kind = ChatKind.Answer, Key = key, Turn = request.Turn, IsOpen = true, Text = "", Reference = request.Reference, At = clock.GetUtcNow(),
                Face = new ChatFace
                {
                    IsMarkdown = true, Title = request.Title,
                    Buttons = request.CanStop
                        ? ChatFace.ButtonsOf([new ResponseButton(AssistantTexts.ButtonStop.In(request.Language),
                        new AnswerAction(AnswerActionKind.Stop, request.Turn))]) : [],
                },
            });
            if (added is not null) unit.AfterCommit(() => readers.Changed(added.Person));
            return added ?? await ChatStore.OfKeyAsync(unit, key);
        }, cancellation);
        return row is { IsOpen: true } open ? new WebAnswer(live.Begin(open.Id, open.Person), key, live, readers)
            : throw new ChannelException("already_ended", $"The answer of turn {request.Turn} has ended in the web chat.", transient: false);
    }

    /// <summary>Kept as a file that waits for its message: the answer's end takes it, or it is forgotten within the hour.</summary>
    public async Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation)
    {
        var file = new WebFile(WebFile.NewId(), picture.Name, picture.ContentType, picture.Bytes.Length, null);
        var isKept = await database.TransactAsync(async unit =>
        {
            var person = await PersonRows.SurvivorAsync(unit, request.Reply.Target) ?? request.Reply.Target;
            var now = clock.GetUtcNow();
            return await WebFile.AddAsync(unit, person, file, picture.Bytes, WebFile.MostUnsent, WebFile.MostKept, now);
        }, cancellation);
        return isKept ? file.Id
            : throw new ChannelException("too_much_kept", "Too many of the person's files are kept already.", transient: false);
    }

    public async Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation)
    {
        var bytes = await database.ReadAsync(sql => WebFile.BytesAsync(sql, attachment.Key), cancellation) ?? throw new AttachmentException(AttachmentTrouble.Gone, "The upload is forgotten.");
        if (bytes.Length > maxBytes) throw AttachmentCopy.TooLarge(maxBytes);
        await into.WriteAsync(bytes, cancellation);
        return new AttachmentFacts(attachment.Name, null);
    }
}

/// <summary>An answer in the web chat.</summary>
internal sealed class WebAnswer(LiveAnswer answer, string key, LiveAnswers live, ChatReaders readers) : IAnswer
{
    public void Append(string text)
    {
        answer.Append(text);
        readers.Written(answer.Person);
    }

    public void Replace(string text)
    {
        answer.Replace(text);
        readers.Written(answer.Person);
    }

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        var face = new ChatFace
        {
            IsMarkdown = true, Note = end.Note, Buttons = ChatFace.ButtonsOf(end.Buttons),
            Ending = end.Ending.ToString().ToLowerInvariant(),
            Files = await PicturesAsync(unit, end.Pictures),
        };
        if (await ChatStore.EndAsync(unit, answer.Id, end.Text, face) is not { } person) return;
        unit.AfterCommit(() =>
        {
            live.End(answer);
            readers.Changed(person);
        });
    }

    /// <summary>They stay as long as the answer.</summary>
    private async ValueTask<IReadOnlyList<ChatFileView>> PicturesAsync(IUnitOfWork unit, IReadOnlyList<string> pictures)
    {
        var shown = new List<ChatFileView>();
        foreach (var picture in pictures)
        {
            // Files that the person has uploaded since may have taken its room.
            if (await WebFile.FindAsync(unit, picture, answer.Person) is not { } file) continue;
            await WebFile.SentAsync(unit, picture, key);
            shown.Add(ChatFileView.Of(file));
        }

        return shown;
    }

    /// <summary>What was not finished stays as it was put down, until the turn's next attempt takes it up.</summary>
    public ValueTask DisposeAsync()
    {
        live.End(answer);
        return ValueTask.CompletedTask;
    }
}
