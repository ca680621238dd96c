using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Attachments;

/// <summary>What people are told of a file that is not given to the backend: which, and why.</summary>
/// <param name="language">Of the asker.</param>
/// <param name="options">The limits that are named.</param>
/// <param name="masker">Masks what is personal in names: the note goes over the platform.</param>
internal sealed class FileTexts(Language language, AssistantOptions options, Masker masker)
{
    private const int LongestName = 60;

    /// <summary>It cannot be read where it is.</summary>
    public string Unread(UnifiedAttachment file, AttachmentTrouble trouble) => Note(file, trouble switch
    {
        AttachmentTrouble.Expired => AttachmentTexts.Expired.In(language),
        AttachmentTrouble.Gone => AttachmentTexts.Gone.In(language),
        AttachmentTrouble.NotAllowed => AttachmentTexts.NotAllowed.In(language),
        AttachmentTrouble.TooLarge => TooLarge(options.MaxFileBytes),
        _ => AttachmentTexts.Unavailable.In(language),
    });

    /// <summary>The backend does not take it.</summary>
    /// <param name="file">Which.</param>
    /// <param name="why">What stands in the way.</param>
    /// <param name="kind">What it turned out to be: <c>image</c>, <c>audio</c>, <c>video</c>, <c>file</c>.</param>
    /// <param name="rules">What the backend takes.</param>
    public string Untaken(UnifiedAttachment file, FileRefusal why, string kind, AssistantFileRules rules) => Note(file, why switch
    {
        FileRefusal.Kind => (AttachmentTexts.FindKind(kind) ?? AttachmentTexts.FindKind("file")!).In(language),
        FileRefusal.Type => AttachmentTexts.Type.In(language),
        FileRefusal.TooLarge => TooLarge(Math.Min(options.MaxFileBytes, rules.Kinds.GetValueOrDefault(AssistantFileRules.KindOf(kind))?.MaxBytes ?? long.MaxValue)),
        FileRefusal.TooMany => TooMany(rules.MaxCount),
        _ => AttachmentTexts.Unavailable.In(language),
    });

    /// <summary>More came than is read of one question.</summary>
    public string Beyond(UnifiedAttachment file) => Note(file, TooMany(options.MaxFiles));

    /// <summary>The route keeps files to itself.</summary>
    public string Off(UnifiedAttachment file) => Note(file, AttachmentTexts.Off.In(language));

    /// <summary>What is asked where nothing was said.</summary>
    /// <param name="language">Of the asker.</param>
    /// <param name="kinds">What was sent: <c>image</c>, <c>audio</c>, <c>video</c>, <c>file</c>.</param>
    public static string Question(Language language, IReadOnlyCollection<string> kinds) =>
        AttachmentTexts.FindQuestion(kinds.Contains("image") ? "image" : kinds.Count > 0 && kinds.All(k => k == "audio") ? "audio"
            : "file")!
            .In(language);

    /// <summary>Asks what somebody wants to know about what they sent without a word.</summary>
    /// <param name="language">Of the sender.</param>
    /// <param name="kinds">Of the files that came last.</param>
    /// <param name="count">Files that wait in all.</param>
    /// <param name="wait">How long they do.</param>
    public static string Ask(Language language, IReadOnlyList<string> kinds, int count, TimeSpan wait)
    {
        var minutes = Math.Max(1, (int)Math.Round(wait.TotalMinutes));
        return (count > 1 ? AttachmentTexts.WaitMany(count, minutes) : kinds is ["image"] ? AttachmentTexts.WaitPicture(minutes)
            : AttachmentTexts.WaitFile(minutes)).In(language);
    }

    private string Note(UnifiedAttachment file, string why) =>
        AttachmentTexts.Note(file.Name is { Length: > 0 } name ? FileNames.Shown(masker.Mask(name), LongestName)
            : (AttachmentTexts.FindFile(file.Kind) ?? AttachmentTexts.FindFile("file")!).In(language), why).In(language);

    private string TooLarge(long bytes) => AttachmentTexts.TooLarge(Math.Max(1, bytes >> 20)).In(language);

    private string TooMany(int count) => AttachmentTexts.TooMany(count).In(language);
}
