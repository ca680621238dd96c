using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>A kind of approval that another system keeps.</summary>
public sealed record ExternalApprovalDraft
{
    /// <summary>A kind.</summary>
    /// <param name="approvalCode">Its code: at the first call one of your own, later the one that the call answered.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="group">Under which heading the approval centre shows it: a code of your own.</param>
    public ExternalApprovalDraft(string approvalCode, ApprovalText name, string group)
    {
        ArgumentNullException.ThrowIfNull(name);
        (ApprovalCode, Name, Group) = (ApprovalIds.Code(approvalCode, nameof(approvalCode)), name, ApprovalIds.Code(group, nameof(group)));
    }

    /// <summary>Its code.</summary>
    public string ApprovalCode { get; init; }

    /// <summary>What it is called.</summary>
    public ApprovalText Name { get; init; }

    /// <summary>The heading's code.</summary>
    public string Group { get; init; }

    /// <summary>The heading's text, or null: the platform knows the heading already.</summary>
    public ApprovalText? GroupName { get; init; }

    /// <summary>What it is for, or null.</summary>
    public ApprovalText? Description { get; init; }

    /// <summary>The other system's name, or null.</summary>
    public ApprovalText? SystemName { get; init; }

    /// <summary>Where one asks on a computer; null: not there.</summary>
    public Uri? CreateOnPc { get; init; }

    /// <summary>Where one asks on a phone; null: not there.</summary>
    public Uri? CreateOnMobile { get; init; }

    /// <summary>Where decisions made in the platform are posted to (<see cref="ExternalApprovalReceiver"/>); null: people decide in the other system only.</summary>
    public Uri? CallbackUrl { get; init; }

    /// <summary>Proves that a post is the platform's. Secret. Required with <see cref="CallbackUrl"/>.</summary>
    public string? CallbackToken { get; init; }

    /// <summary>Encrypts the posts. Secret. Null: they come in the clear.</summary>
    public string? CallbackKey { get; init; }

    /// <summary>Several may be decided at once.</summary>
    public bool AllowBatch { get; init; }

    /// <summary>Who sees it; empty: everybody in the company.</summary>
    public IReadOnlyList<ApprovalPerson> Viewers { get; init; } = [];

    /// <summary>Not shown: the secrets.</summary>
    public override string ToString() => $"external approval {ApprovalCode}";

    internal V4.ExternalApprovalCreateRequest ToRequest()
    {
        if (CallbackUrl is not null && string.IsNullOrEmpty(CallbackToken)) throw new ArgumentException("Posts without a token prove nothing: set CallbackToken.", nameof(CallbackToken));
        if (CreateOnPc is null && CreateOnMobile is null) throw new ArgumentException("Neither a computer nor a phone has a page to ask on: set CreateOnPc or CreateOnMobile.", nameof(CreateOnPc));
        UserIdType kind = Viewers.Count > 0 && Viewers[0].IsUserId ? UserIdType.UserId : UserIdType.OpenId;
        string[] viewers = Viewers.Count == 0 ? [] : ApprovalInstances.Same(Viewers[0], Viewers, nameof(Viewers));
        var texts = new ApprovalTexts();
        return new()
        {
            UserIdType = kind,
            ApprovalName = texts.Key(Name, nameof(Name)),
            ApprovalCode = ApprovalCode,
            GroupCode = Group,
            GroupName = GroupName is null ? null : texts.Key(GroupName, nameof(GroupName)),
            Description = Description is null ? null : texts.Key(Description, nameof(Description)),
            External = new()
            {
                BizName = SystemName is null ? null : texts.Key(SystemName, nameof(SystemName)),
                CreateLinkPc = CreateOnPc?.AbsoluteUri, CreateLinkMobile = CreateOnMobile?.AbsoluteUri, SupportPc = CreateOnPc is not null, SupportMobile = CreateOnMobile is not null,
                ActionCallbackUrl = CallbackUrl?.AbsoluteUri, ActionCallbackToken = CallbackToken, ActionCallbackKey = CallbackKey, AllowBatchOperate = AllowBatch,
                EnableQuickOperate = CallbackUrl is null ? null : true,
            },
            Viewers = viewers.Length == 0 ? [new() { ViewerType = ViewerType.From("TENANT") }]
                : [.. viewers.Select(v => new V4.ApprovalCreateViewer { ViewerType = ViewerType.From("USER"), ViewerUserId = v })],
            I18nResources = texts.Resources()!,
        };
    }
}
