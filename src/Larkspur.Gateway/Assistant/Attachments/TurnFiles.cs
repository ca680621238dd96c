using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>The files of one turn. Each is read once, when the first backend takes its kind, and kept until the turn's end.</summary>
internal sealed class TurnFiles(QuestionFiles files, Turn turn, AssistantRoute route) : IAsyncDisposable
{
    private readonly Masker _masker = new(route.Masking);
    private readonly Dictionary<UnifiedAttachment, (ReadFile? File, AttachmentTrouble Trouble)> _read = [];
    private readonly Dictionary<GuardedBackend, AssistantFileRules?> _rules = [];
    private readonly FileTexts _words = new(turn.Language, files.Options, new Masker(route.Masking));
    private TimeSpan _left = files.Options.FileTimeout;
    private bool _hasTurn;

    /// <summary>What is asked where nothing was said.</summary>
    public string QuestionFor(GivenFiles given) => FileTexts.Question(turn.Language, [.. given.Files.Select(f => new MediaType(f.ContentType, "").Kind)]);

    /// <summary>The files as a backend takes them.</summary>
    public async Task<GivenFiles> ForAsync(GuardedBackend backend, CancellationToken cancellation)
    {
        if (turn.Files.Count == 0) return GivenFiles.None;
        if (!route.Attachments || files.Options.MaxFiles == 0) return new GivenFiles([], [.. turn.Files.Select(_words.Off).Distinct()], static (_, _) => "");
        var rules = await RulesAsync(backend, cancellation);
        List<(UnifiedAttachment Source, AssistantFile File)> given = [];
        List<string> notes = [];
        foreach (var attachment in turn.Files.Distinct())
        {
            if (rules is null) notes.Add(_words.Untaken(attachment, FileRefusal.Unavailable, attachment.Kind, AssistantFileRules.None));
            else if (IsBeyond(attachment)) notes.Add(_words.Beyond(attachment));
            else if (Hopeless(attachment, rules) is { } kind) notes.Add(_words.Untaken(attachment, FileRefusal.Kind, kind, rules));
            else if (given.Count >= rules.MaxCount) notes.Add(_words.Untaken(attachment, FileRefusal.TooMany, attachment.Kind, rules));
            else if (await ReadAsync(attachment, cancellation) is var (file, trouble) && file is null) notes.Add(_words.Unread(attachment, trouble));
            else if (Named(file) is var named && rules.Judge(named.ContentType, named.Name, file.Content.Length) is { } why) notes.Add(_words.Untaken(attachment, why, file.Type.Kind, rules));
            else given.Add((attachment, named));
        }

        return new GivenFiles([.. given.Select(g => g.File)], [.. notes.Distinct()], (at, why) => _words.Untaken(given[at].Source, why, given[at].Source.Kind, rules ?? AssistantFileRules.None));
    }

    /// <summary>The files are not needed any more: an answer that has begun is not asked for again. Can be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (file, _) in _read.Values)
        {
            if (file is not null) await file.DisposeAsync();
        }

        _read.Clear();
        if (_hasTurn) files.Turns.Release();
        _hasTurn = false;
    }

    /// <summary>Asked once, also when there is no answer: the same question is put to a backend twice at most.</summary>
    private async Task<AssistantFileRules?> RulesAsync(GuardedBackend backend, CancellationToken cancellation)
    {
        if (_rules.TryGetValue(backend, out var known)) return known;
        return _rules[backend] = await InTimeAsync(time => files.RulesAsync(backend, time), null, cancellation);
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

    /// <summary>What was read is kept for the next backend, taken by this one or not: as many as may be read are there.</summary>
    private bool IsBeyond(UnifiedAttachment attachment) => !_read.ContainsKey(attachment) && _read.Values.Count(static r => r.File is not null) >= files.Options.MaxFiles;

    private async Task<(ReadFile? File, AttachmentTrouble Trouble)> ReadAsync(UnifiedAttachment attachment, CancellationToken cancellation)
    {
        if (_read.TryGetValue(attachment, out var known)) return known;
        return _read[attachment] = await InTimeAsync<(ReadFile?, AttachmentTrouble)>(async time =>
        {
            try
            {
                if (!_hasTurn) await files.Turns.WaitAsync(time);
                _hasTurn = true;
                return (await files.ReadAsync(turn, attachment, time), default);
            }
            catch (AttachmentException e)
            {
                return (null, e.Trouble);
            }
        }, (null, AttachmentTrouble.Unavailable), cancellation);
    }

    /// <summary>All that is read for one question shares one time.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, T late, CancellationToken cancellation)
    {
        var since = files.Clock.GetTimestamp();
        using var time = new CancellationTokenSource(_left, files.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return late;
        }
        finally
        {
            var left = _left - files.Clock.GetElapsedTime(since);
            _left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private AssistantFile Named(ReadFile file)
    {
        file.Content.Position = 0;
        return new AssistantFile(FileNames.Given(file.Name, file.Type.Kind, file.Type.Extension, _masker), file.Type.ContentType, file.Content);
    }
}
