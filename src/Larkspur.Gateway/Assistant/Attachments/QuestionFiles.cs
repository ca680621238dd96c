using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>Brings the pictures and files of questions to backends. What cannot be brought is named in a note, and the answer begins without it.</summary>
internal sealed partial class QuestionFiles(IEnumerable<IConversationChannel> channels, AssistantOptions options,
    AssistantMetrics metrics, TimeProvider clock, ILogger<QuestionFiles> logger) : IDisposable
{
    /// <summary>Questions of one process whose files are on its disk at once; the next wait.</summary>
    private const int MostAtOnce = 64;

    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>A turn for each question whose files are read.</summary>
    public SemaphoreSlim Turns { get; } = new(MostAtOnce);

    public AssistantOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>The files of a turn; nothing is read yet. Dispose of it when the turn has its end.</summary>
    public TurnFiles Of(Turn turn, AssistantRoute route) => new(this, turn, route);

    /// <summary>Reads one.</summary>
    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<ReadFile> ReadAsync(Turn turn, UnifiedAttachment attachment, CancellationToken cancellation)
    {
        try
        {
            var channel = _channels.GetValueOrDefault(turn.Platform) ?? throw new AttachmentException(AttachmentTrouble.Gone, $"Nothing reads files of {turn.Platform}.");
            var file = await ReadFile.ReadAsync(into => channel.ReadAttachmentAsync(turn.App, attachment, into, options.MaxFileBytes, cancellation), attachment.Name, cancellation);
            metrics.FileRead(turn.Platform, "read");
            return file;
        }
        catch (Exception e) when (e is AttachmentException or IOException or UnauthorizedAccessException)
        {
            // A temporary folder that is full, or may not be written to, costs the file and not the question's words.
            var unread = e as AttachmentException ?? new AttachmentException(AttachmentTrouble.Unavailable, $"It could not be kept on this machine ({e.GetType().Name}).", e);
            FileNotRead(turn.Id, unread.Trouble, unread.Message);
            metrics.FileRead(turn.Platform, unread.Trouble.ToString().ToLowerInvariant());
            if (unread == e) throw;
            throw unread;
        }
    }

    /// <summary>What a backend takes; null: it does not say now.</summary>
    public async Task<AssistantFileRules?> RulesAsync(GuardedBackend backend, CancellationToken cancellation)
    {
        // Whoever is left alone is not asked this either.
        if (backend.IsOpen) return null;
        try
        {
            return await backend.Backend.FileRulesAsync(cancellation);
        }
        catch (AssistantException e)
        {
            FilesTakenUnknown(backend.Name, e.Failure, e.Message);
            return null;
        }
    }

    public void Dispose() => Turns.Dispose();

    [LoggerMessage(LogLevel.Warning, "A file of turn {TurnId} was not read ({Trouble}): {Reason}")]
    private partial void FileNotRead(long turnId, AttachmentTrouble trouble, string reason);
    [LoggerMessage(LogLevel.Warning, "Backend {Backend} does not say which files it takes ({Failure}): {Reason}")]
    private partial void FilesTakenUnknown(string backend, AssistantFailure failure, string reason);
}

/// <summary>What one backend is given of a question's files.</summary>
/// <param name="Files">In the message's order, each from its first byte.</param>
/// <param name="Notes">What was left out, and why.</param>
/// <param name="Refused">The note for a file that the backend refuses after all, by its place among <see cref="Files"/>.</param>
internal sealed record GivenFiles(IReadOnlyList<AssistantFile> Files, IReadOnlyList<string> Notes, Func<int, FileRefusal, string> Refused)
{
    /// <summary>The turn has none.</summary>
    public static GivenFiles None { get; } = new([], [], static (_, _) => "");

    /// <summary>The files from their first byte on: whoever was asked before has read them.</summary>
    public IReadOnlyList<AssistantFile> Rewound()
    {
        foreach (var file in Files) file.Content.Position = 0;
        return Files;
    }
}
