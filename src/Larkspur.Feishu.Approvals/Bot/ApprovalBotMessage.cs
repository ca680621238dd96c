using V1 = Larkspur.Feishu.Api.Approval.V1;

namespace Larkspur.Feishu.Approvals;

/// <summary>A message of the approval bot, by one of the platform's templates. Source: approval-v4/message/send.</summary>
public sealed record ApprovalBotMessage
{
    private const int MostReasons = 5;

    /// <summary>A message.</summary>
    /// <param name="templateId">Which template: <c>1008</c> a task to decide, <c>1013</c> a reminder by a person, and others of the reference.</param>
    /// <param name="approvalName">What the approval is called.</param>
    /// <param name="detail">The page behind "details".</param>
    public ApprovalBotMessage(string templateId, ApprovalText approvalName, Uri detail)
    {
        ArgumentException.ThrowIfNullOrEmpty(templateId);
        ArgumentNullException.ThrowIfNull(approvalName);
        ArgumentNullException.ThrowIfNull(detail);
        if (detail.Scheme is not ("https" or "http")) throw new ArgumentException("The page behind \"details\" must be an http or https address.", nameof(detail));
        (TemplateId, ApprovalName, Detail) = (templateId, approvalName, detail);
    }

    /// <summary>Which template.</summary>
    public string TemplateId { get; }

    /// <summary>What the approval is called.</summary>
    public ApprovalText ApprovalName { get; }

    /// <summary>The page behind "details".</summary>
    public Uri Detail { get; }

    /// <summary>Who is named in the title: who asks for a decision, who reminds.</summary>
    public ApprovalPerson? TitlePerson { get; init; }

    /// <summary>Who asked, as the message shows it.</summary>
    public ApprovalPerson? Submitter { get; init; }

    /// <summary>What it is about, at most 5 lines.</summary>
    public IReadOnlyList<ApprovalText> Reasons { get; init; } = [];

    /// <summary>A word with it, or null.</summary>
    public ApprovalText? Comment { get; init; }

    /// <summary>Where the approval comes from, small at the end, or null.</summary>
    public ApprovalText? Note { get; init; }

    /// <summary>The reminder by a person: template 1013.</summary>
    /// <param name="approvalName">What the approval is called.</param>
    /// <param name="detail">The page where it is decided.</param>
    /// <param name="by">Who reminds.</param>
    public static ApprovalBotMessage Reminder(ApprovalText approvalName, Uri detail, ApprovalPerson by) => new("1013", approvalName, detail) { TitlePerson = by };

    internal V1.MessageSendRequest ToRequest(ApprovalPerson to, string uuid)
    {
        if (Reasons.Count > MostReasons) throw new ArgumentException($"There are {Reasons.Count} lines; the platform takes {MostReasons}.");
        var texts = new ApprovalTexts();
        string address = Detail.AbsoluteUri;
        return new()
        {
            TemplateId = TemplateId,
            // The reference marks both as required, and says that one of them is enough.
            UserId = to.IsUserId ? to.Id : null!,
            OpenId = to.IsUserId ? null! : to.Id,
            Uuid = uuid,
            ApprovalName = texts.Key(ApprovalName, nameof(ApprovalName)),
            TitleUserId = TitlePerson?.Id,
            TitleUserIdType = TitlePerson is { } named ? V1.TitleUserIdType.From(named.IsUserId ? "user_id" : "open_id") : default(V1.TitleUserIdType?),
            Comment = Comment is null ? null : texts.Key(Comment, nameof(Comment)),
            Content = new()
            {
                UserId = Submitter?.Id,
                UserIdType = Submitter is { } asker ? V1.TitleUserIdType.From(asker.IsUserId ? "user_id" : "open_id") : default(V1.TitleUserIdType?),
                Summaries = [.. Reasons.Select(r => new V1.MessageSendSummary { Summary = texts.Key(r, nameof(Reasons)) })],
            },
            Note = Note is null ? null : texts.Key(Note, nameof(Note)),
            Actions = [new() { ActionName = "DETAIL", Url = address, AndroidUrl = address, IosUrl = address, PcUrl = address }],
            I18nResources = Resources(texts),
        };
    }

    /// <summary>These calls take the text as an object by key, where the others take a list.</summary>
    internal static List<V1.I18nResource> Resources(ApprovalTexts texts)
        => [.. (texts.Resources() ?? []).Select(r => new V1.I18nResource { Locale = r.Locale, IsDefault = r.IsDefault, Texts = r.Texts.ToDictionary(t => t.Key, object? (t) => t.Value)! })];
}
