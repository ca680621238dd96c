namespace Larkspur;

/// <summary>One thing that happens while an answer grows.</summary>
public abstract record AssistantEvent;

/// <summary>The backend has begun; the ids under which it can be stopped and continued, as far as they are known.</summary>
public sealed record AssistantBegan(string? TaskId, string? ConversationId) : AssistantEvent;

/// <summary>More text, to be appended.</summary>
public sealed record AssistantText(string Delta) : AssistantEvent;

/// <summary>All text so far is replaced (a moderation, or the final form of a streamed answer).</summary>
public sealed record AssistantReplaced(string Text) : AssistantEvent;

/// <summary>What it is doing meanwhile: a tool, a step of a workflow. For a status line, never part of the answer.</summary>
public sealed record AssistantStep(string Title) : AssistantEvent;

/// <summary>A file that belongs to the answer.</summary>
/// <param name="Kind"><c>image</c>, <c>document</c>…</param>
/// <param name="Url">Where it can be read, by the backend's rules.</param>
public sealed record AssistantAttachment(string Kind, string Url) : AssistantEvent;

/// <summary>A file of the question was not taken; the answer goes on without it.</summary>
/// <param name="File">Which: its place among the question's files, from 0.</param>
/// <param name="Why">What stood in the way.</param>
public sealed record AssistantFileRefused(int File, FileRefusal Why) : AssistantEvent;

/// <summary>The answer waits for a person: a form with choices. Nothing follows.</summary>
/// <param name="Token">Under which the form is answered; null: it goes another way (e-mail).</param>
/// <param name="Text">What the form says, Markdown.</param>
/// <param name="Choices">The buttons: id and title.</param>
/// <param name="ExpiresAt">Until when it may be answered, if told.</param>
/// <param name="RunId">What goes on once it was answered.</param>
public sealed record AssistantInputNeeded(string? Token, string Text, IReadOnlyList<KeyValuePair<string, string>> Choices, DateTimeOffset? ExpiresAt, string? RunId) : AssistantEvent;

/// <summary>The answer is whole.</summary>
/// <param name="MessageId">Under which it can be rated; null: the backend keeps none.</param>
/// <param name="ConversationId">Under which it can be continued; null: the backend remembers nothing.</param>
/// <param name="Sources">What it was taken from.</param>
/// <param name="Tokens">All tokens that it cost, if told.</param>
public sealed record AssistantEnded(string? MessageId, string? ConversationId, IReadOnlyList<AssistantSource> Sources, int? Tokens) : AssistantEvent
{
    /// <summary>It stopped at the backend's own limit of length, or because somebody stopped it: not a whole thought.</summary>
    public bool IsCut { get; init; }
}

/// <summary>A document that an answer was taken from.</summary>
/// <param name="Title">The document's name.</param>
/// <param name="Excerpt">The part that was used.</param>
public sealed record AssistantSource(string Title, string? Excerpt);
