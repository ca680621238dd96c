using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>The files of one turn. Each is read once, when the first backend takes its kind, and kept until the turn's end.</summary>
internal sealed class TurnFiles(QuestionFiles files, Turn turn, AssistantRoute route) : IAsyncDisposable
{
    private readonly Dictionary<UnifiedAttachment, (ReadFile? File, AttachmentTrouble Trouble)> _read = [];
    private readonly Dictionary<GuardedBackend, AssistantFileRules?> _rules = [];
    private readonly FileWords _words = new(turn.Language, files.Options);
    private TimeSpan _left = files.Options.FileTimeout;

    /// <summary>What is asked where nothing was said.</summary>
    public string QuestionFor(GivenFiles given) => _words.Question(given.Files);

    /// <summary>The files as a backend takes them.</summary>
    public async Task<GivenFiles> ForAsync(GuardedBackend backend, CancellationToken cancellation)
    {
        if (turn.Attachments.Count == 0) return GivenFiles.None;
        if (!route.Attachments) return new GivenFiles([], [.. turn.Attachments.Select(_words.Off).Distinct()], static (_, _) => "");
        var rules = await RulesAsync(backend, cancellation);
        var masker = new Masker(route.Masking);
        List<(UnifiedAttachment Source, AssistantFile File)> given = [];
        List<string> notes = [];
        foreach (var attachment in turn.Attachments.Distinct())
        {
            if (rules is null) notes.Add(_words.Untaken(attachment, FileRefusal.Unavailable, attachment.Kind, AssistantFileRules.None));
            else if (given.Count >= files.Options.MaxFiles) notes.Add(_words.Beyond(attachment));
            else if (Hopeless(attachment, rules) is { } kind) notes.Add(_words.Untaken(attachment, FileRefusal.Kind, kind, rules));
            else if (given.Count >= rules.MaxCount) notes.Add(_words.Untaken(attachment, FileRefusal.TooMany, attachment.Kind, rules));
            else if (await ReadAsync(attachment, cancellation) is var (file, trouble) && file is null) notes.Add(_words.Unread(attachment, trouble));
            else if (Named(file, masker) is var named && rules.Judge(named.ContentType, named.Name, file.Content.Length) is { } why) notes.Add(_words.Untaken(attachment, why, file.Type.Kind, rules));
            else given.Add((attachment, named));
        }

        return new GivenFiles([.. given.Select(g => g.File)], [.. notes.Distinct()], (at, why) => _words.Untaken(given[at].Source, why, given[at].Source.Kind, rules ?? AssistantFileRules.None));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (file, _) in _read.Values)
        {
            if (file is not null) await file.DisposeAsync();
        }
    }

    /// <summary>Asked once, also when there is no answer: the same question is put to a backend twice at most.</summary>
    private async Task<AssistantFileRules?> RulesAsync(GuardedBackend backend, CancellationToken cancellation)
    {
        if (!_rules.TryGetValue(backend, out var rules)) _rules[backend] = rules = await files.RulesAsync(backend, cancellation);
        return rules;
    }

    /// <summary>What nobody takes is not even downloaded.</summary>
    /// <returns>The kind that it is of; null: it may be taken.</returns>
    private static string? Hopeless(UnifiedAttachment attachment, AssistantFileRules rules)
    {
        var type = attachment.Kind is "image" or "audio" or "video" ? attachment.Kind + "/*" : MediaTypes.Guess(attachment.Name ?? "");
        // A file without a telling name may be anything.
        var isOpen = attachment.Kind == "file" && attachment.Name is null && rules.Kinds.Count > 0;
        return isOpen || (rules.MaxCount > 0 && rules.Kinds.ContainsKey(AssistantFileRules.KindOf(type))) ? null : type == MediaTypes.Unknown ? "file" : type.Split('/')[0];
    }

    private async Task<(ReadFile? File, AttachmentTrouble Trouble)> ReadAsync(UnifiedAttachment attachment, CancellationToken cancellation)
    {
        if (_read.TryGetValue(attachment, out var known)) return known;
        var since = files.Clock.GetTimestamp();
        using var time = new CancellationTokenSource(_left, files.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return _read[attachment] = (await files.ReadAsync(turn, attachment, either.Token), default);
        }
        catch (AttachmentException e)
        {
            return _read[attachment] = (null, e.Trouble);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return _read[attachment] = (null, AttachmentTrouble.Unavailable);
        }
        finally
        {
            var left = _left - files.Clock.GetElapsedTime(since);
            _left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private static AssistantFile Named(ReadFile file, Masker masker)
    {
        file.Content.Position = 0;
        return new AssistantFile(FileNames.Given(file.Name, file.Type.Kind, file.Type.Extension, masker), file.Type.ContentType, file.Content);
    }
}
