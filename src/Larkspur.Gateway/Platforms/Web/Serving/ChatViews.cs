using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>JSON of the chat's API.</summary>
internal static class ChatJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task WriteAsync<T>(HttpContext http, int status, T answer)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, Options);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}

/// <summary>A message of the chat.</summary>
internal sealed record ChatMessageView
{
    public required long Id { get; init; }

    /// <summary>Its place: messages stand in the order of these.</summary>
    public required long Seq { get; init; }

    /// <summary><c>question</c>, <c>words</c> or <c>answer</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The caller's own name for a question that was asked in this session.</summary>
    public string? ClientId { get; init; }

    public required string Text { get; init; }

    /// <summary><c>text</c> or <c>markdown</c>.</summary>
    public required string Format { get; init; }

    public string? Title { get; init; }

    /// <summary>Small print below.</summary>
    public string? Note { get; init; }

    /// <summary>Of an answer: <c>writing</c>, <c>finished</c>, <c>stopped</c>, <c>interrupted</c>, <c>failed</c>.</summary>
    public string? State { get; init; }

    public required IReadOnlyList<ChatButton> Buttons { get; init; }

    /// <summary>Files of a question, pictures of an answer; absent: none.</summary>
    public IReadOnlyList<ChatFileView>? Files { get; init; }

    /// <summary>What people may quote.</summary>
    public required string Reference { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <param name="row">The message.</param>
    /// <param name="session">Who reads it.</param>
    /// <param name="text">Of an answer that is being written; null: the row's.</param>
    public static ChatMessageView Of(ChatRow row, WebSession session, string? text = null) => new()
    {
        Id = row.Id, Seq = row.Seq, Kind = row.Kind.ToString().ToLowerInvariant(), ClientId = row.Kind == ChatKind.Question && row.Session == session.Name ? row.Key[(session.Name.Length + 1)..] : null,
        Text = text ?? row.Text, Format = row.Face.IsMarkdown ? "markdown" : "text", Title = row.Face.Title, Note = row.Face.Note,
        State = row.Kind != ChatKind.Answer ? null : row.IsOpen ? "writing" : row.Face.Ending, Buttons = row.Face.Buttons, Files = row.Face.Files is { Count: > 0 } files ? files : null, Reference = row.Reference, At = row.At,
    };
}

/// <summary>A page of the chat.</summary>
/// <param name="Items">In their order.</param>
/// <param name="Earlier">There are messages before these.</param>
/// <param name="Later">There are messages behind these.</param>
/// <param name="Position">Events from here on: the <c>Last-Event-ID</c> of <c>GET events</c>.</param>
internal sealed record ChatPage(IReadOnlyList<ChatMessageView> Items, bool Earlier, bool Later, string Position);

/// <summary>A piece of an answer.</summary>
/// <param name="Id">The answer.</param>
/// <param name="Offset">Where the piece begins, in UTF-16 characters; what one has from there on counts no more.</param>
/// <param name="Text">The piece.</param>
internal sealed record ChatTextView(long Id, int Offset, string Text);

/// <summary>The session, for its holder.</summary>
internal sealed record ChatSessionView
{
    public string? Name { get; init; }

    /// <summary><c>zh_cn</c> or <c>en_us</c>; absent: the browser's.</summary>
    public string? Locale { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Characters of a message.</summary>
    public required int MaxText { get; init; }

    /// <summary>Files of a message; 0: none are taken.</summary>
    public required int MaxFiles { get; init; }

    /// <summary>Most bytes of one.</summary>
    public required long MaxFileBytes { get; init; }
}

/// <summary>A message was taken.</summary>
internal sealed record ChatTaken(string ClientId, string Reference);

/// <summary>What a click came to.</summary>
internal sealed record ChatDone(ChatToast? Toast);

/// <summary>Short words.</summary>
/// <param name="Kind"><c>info</c>, <c>success</c>, <c>warning</c>, <c>error</c>.</param>
/// <param name="Text">In the session's language.</param>
internal sealed record ChatToast(string Kind, string Text);
