using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Documents;
using Larkspur.Gateway.Assistant.Pictures;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>The last faces of answers: the text, what stands below it, and the buttons. A reader never meets silence or a stack trace.</summary>
internal static class AnswerTemplates
{
    private const int MostSources = 5;

    /// <summary>Characters from which on an answer is offered as a document.</summary>
    private const int WorthSaving = 200;

    private const int LongestSource = 60;

    public static AnswerEnd Finished(Turn turn, AssistantRoute route, GuardedBackend backend, AnswerReading reading, string text,
        IReadOnlyList<string> next, IReadOnlyList<string> pictures)
    {
        var notes = new List<string>(reading.Notes);
        var masker = new Masking.Masker(route.Masking);
        if (reading.End is { Sources: { Count: > 0 } sources })
            notes.Add(AssistantTexts.Sources(string.Join(" · ", sources.Select(s => masker.Mask(s.Title)).Where(t => t.Length > 0)
                .Distinct().Take(MostSources).Select(Cut))).In(turn.Language));
        if (reading.BeganAnew) notes.Add(AssistantTexts.BeganAnew.In(turn.Language));
        if (route.Backend != backend.Name) notes.Add(AssistantTexts.StoodIn.In(turn.Language));
        var buttons = new List<ResponseButton>();
        if (reading.MessageId is not null && backend.Backend.Abilities.HasFlag(AssistantAbilities.Rate))
        {
            buttons.Add(new ResponseButton(AssistantTexts.ButtonHelpful.In(turn.Language),
                new AnswerAction(AnswerActionKind.Helpful, turn.Name)));
            buttons.Add(new ResponseButton(AssistantTexts.ButtonUnhelpful.In(turn.Language),
                new AnswerAction(AnswerActionKind.Unhelpful, turn.Name)));
        }

        buttons.Add(Again(turn, AssistantTexts.ButtonRegenerate));
        if (text.Length >= WorthSaving && AnswerSaver.CanSave(turn))
            buttons.Add(new ResponseButton(AssistantTexts.ButtonSave.In(turn.Language),
                new AnswerAction(AnswerActionKind.Save, turn.Name)));
        buttons.AddRange(Suggestions.Buttons(turn, next));
        var nothing = pictures.Count > 0 ? PictureTexts.Alone : AssistantTexts.Empty(turn.Reference);
        return new AnswerEnd(text.Length > 0 ? text : nothing.In(turn.Language))
            { Note = notes.Count == 0 ? null : masker.Mask(string.Join("\n", notes)), Buttons = buttons, Pictures = pictures };
    }

    public static AnswerEnd Stopped(Turn turn, string text, IReadOnlyList<string>? notes = null) =>
        new(text.Length > 0 ? text : AssistantTexts.Stopped.In(turn.Language))
    {
        Ending = AnswerEnding.Stopped, Note = Joined(text.Length > 0 ? [.. notes ?? [], AssistantTexts.Stopped.In(turn.Language)]
            : notes), Buttons = [Again(turn, AssistantTexts.ButtonRegenerate)],
    };

    /// <summary>What was written, and a line that says that it stops here.</summary>
    public static AnswerEnd Interrupted(Turn turn, string? text, IReadOnlyList<string>? notes = null)
    {
        var line = AssistantTexts.Interrupted(turn.Reference).In(turn.Language);
        return new AnswerEnd(string.IsNullOrEmpty(text) ? line : text + "\n\n" + line)
            { Ending = AnswerEnding.Interrupted, Note = Joined(notes), Buttons = [Again(turn, AssistantTexts.ButtonAgain)] };
    }

    /// <summary>Nobody was asked: the person's word is needed first. It has no button to ask again: that happens by itself.</summary>
    public static AnswerEnd Waiting(string words) => new(words) { Ending = AnswerEnding.Stopped };

    /// <summary>Nothing was said but files, and none of them could be given to anybody.</summary>
    public static AnswerEnd NothingToAnswer(Turn turn, IReadOnlyList<string> notes) =>
        new(AttachmentTexts.None.In(turn.Language))
            { Ending = AnswerEnding.Failed, Note = Joined(notes), Buttons = [Again(turn, AssistantTexts.ButtonAgain)] };

    public static AnswerEnd Failed(Turn turn, AssistantFailure failure, IReadOnlyList<string>? notes = null) => new((failure switch
    {
        AssistantFailure.Busy => AssistantTexts.FailedBusy(turn.Reference),
        AssistantFailure.Quota => AssistantTexts.FailedQuota(turn.Reference),
        AssistantFailure.Misconfigured => AssistantTexts.FailedMisconfigured(turn.Reference),
        AssistantFailure.Refused => AssistantTexts.FailedRefused(turn.Reference),
        AssistantFailure.Unavailable => AssistantTexts.FailedUnavailable(turn.Reference),
        _ => AssistantTexts.FailedUnknown(turn.Reference),
    }).In(turn.Language)) { Ending = AnswerEnding.Failed, Note = Joined(notes), Buttons = [Again(turn, AssistantTexts.ButtonAgain)] };

    private static string? Joined(IReadOnlyList<string>? notes) => notes is { Count: > 0 } ? string.Join("\n", notes) : null;

    private static ResponseButton Again(Turn turn, LocalText words) =>
        new(words.In(turn.Language), new AnswerAction(AnswerActionKind.Again, turn.Name));

    private static string Cut(string title) => title.Length <= LongestSource ? title : string.Concat(title.AsSpan(0, char.IsHighSurrogate(title[LongestSource - 1]) ? LongestSource - 1 : LongestSource), "…");
}
