using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>What a backend has told of an answer so far.</summary>
internal sealed class AnswerReading(AnswerText text)
{
    private readonly List<AssistantAttachment> _files = [];
    private readonly List<string> _refused = [];
    private GivenFiles _given = GivenFiles.None;
    private TimeProvider _clock = TimeProvider.System;
    private long _asked;

    /// <summary>Who was asked last.</summary>
    public GuardedBackend? Backend { get; private set; }

    /// <summary>The user that it knows.</summary>
    public string AskedAs { get; private set; } = "";

    public string? TaskId { get; private set; }

    public string? ConversationId { get; private set; }

    /// <summary>The end, once it has come.</summary>
    public AssistantEnded? End { get; private set; }

    /// <summary>It waits for a person, and nothing follows.</summary>
    public AssistantInputNeeded? Form { get; private set; }

    public string? MessageId => End?.MessageId;

    /// <summary>What the reader is told below the answer, from the making of the question and of its files.</summary>
    public IReadOnlyList<string> Notes
    {
        get => [.. field, .. _given.Notes, .. _refused];
        set;
    } = [];

    /// <summary>The backend refused every file that it was given.</summary>
    public bool GaveNothing => _given.Files.Count > 0 && _refused.Count == _given.Files.Count;

    /// <summary>The conversation was gone at the backend, and a new one was begun.</summary>
    public bool BeganAnew { get; set; }

    /// <summary>The backend has told of something: it works, and what it does may have effects.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Some of the text has come.</summary>
    public bool HasCome => text.HasCome;

    /// <summary>Time until the first of it; null: none came.</summary>
    public TimeSpan? FirstAfter { get; private set; }

    /// <summary>What the conversation goes on with, if the answer breaks off here.</summary>
    public Remembered? Remembered => Backend is { } backend && ConversationId is { } id ? new Remembered(backend.Name, id) : null;

    public void Begin(GuardedBackend backend, string askedAs, GivenFiles given, TimeProvider clock)
    {
        _given = given;
        _refused.Clear();
        (Backend, AskedAs, TaskId, ConversationId, End, Form, _clock, _asked) = (backend, askedAs, null, null, null, null, clock, clock.GetTimestamp());
        _files.Clear();
    }

    /// <summary>A backend was not asked, since it takes none of the files.</summary>
    public void Leave(GivenFiles given)
    {
        (_given, Backend) = (given, null);
        _refused.Clear();
    }

    /// <summary>Takes one thing.</summary>
    /// <returns>It is the backend's word that it has begun.</returns>
    public bool Take(AssistantEvent told)
    {
        if (told is AssistantFileRefused refused)
        {
            // Nothing was asked yet.
            _refused.Add(_given.Refused(refused.File, refused.Why));
            return false;
        }

        HasBegun = true;
        switch (told)
        {
            case AssistantBegan began:
                (TaskId, ConversationId) = (began.TaskId, began.ConversationId ?? ConversationId);
                return true;
            case AssistantText more:
                FirstAfter ??= _clock.GetElapsedTime(_asked);
                text.Append(more.Delta);
                break;
            case AssistantReplaced whole:
                FirstAfter ??= _clock.GetElapsedTime(_asked);
                text.Replace(whole.Text);
                break;
            case AssistantStep step:
                text.Step(step.Title);
                break;
            case AssistantAttachment file:
                _files.Add(file);
                break;
            case AssistantInputNeeded form:
                Form = form;
                break;
            case AssistantEnded end:
                (End, ConversationId) = (end, end.ConversationId ?? ConversationId);
                break;
        }

        return false;
    }

    /// <summary>Pictures that the backend has made for it.</summary>
    public IReadOnlyList<AssistantAttachment> Pictures => [.. _files.Where(IsPicture)];

    /// <summary>All of the text, with what belongs to it.</summary>
    /// <param name="language">Of the asker.</param>
    /// <param name="lines">What is said of pictures that are not shown, Markdown.</param>
    public string Finish(Language language, IReadOnlyList<string> lines)
    {
        if (Form is { } form) text.Append($"{(HasCome ? "\n\n" : "")}{form.Text}\n\n{string.Join('\n', form.Choices.Select(c => $"- {c.Value}"))}\n\n{AssistantTexts.Form.In(language)}");
        foreach (var line in lines) text.Append((HasCome ? "\n\n" : "") + line);
        foreach (var file in _files.Where(f => !IsPicture(f)))
        {
            if (!Uri.TryCreate(file.Url, UriKind.Absolute, out var url) || url.Scheme != "https") continue;
            text.Append($"{(HasCome ? "\n\n" : "")}[{AssistantTexts.File.In(language)}]({file.Url})");
        }

        return text.End();
    }

    private static bool IsPicture(AssistantAttachment file) => file.Kind == "image";

    /// <summary>What was masked in it, by kind.</summary>
    public Masking.MaskCounts Masked => text.Masked;

    /// <summary>The text as far as it came.</summary>
    public string Cut() => text.End();
}

/// <summary>Under which id a conversation goes on, and at which backend.</summary>
internal sealed record Remembered(string Backend, string? ConversationId);
