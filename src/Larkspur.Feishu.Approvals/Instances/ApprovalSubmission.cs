using System.Globalization;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>What is asked for, by whom, and who decides where the definition leaves that open.</summary>
public sealed record ApprovalSubmission
{
    private const int MostCopies = 20;
    private const int MostAutomaticNodes = 10;

    /// <summary>A submission.</summary>
    /// <param name="form">The filled-in form; it names the definition.</param>
    /// <param name="submitter">Who asks: the instance is made in this person's name.</param>
    public ApprovalSubmission(ApprovalForm form, ApprovalPerson submitter)
    {
        ArgumentNullException.ThrowIfNull(form);
        (Form, Submitter) = (form, submitter);
    }

    /// <summary>The filled-in form.</summary>
    public ApprovalForm Form { get; init; }

    /// <summary>Who asks.</summary>
    public ApprovalPerson Submitter { get; init; }

    /// <summary>The department in whose name, <c>od-…</c>, of people with several; null: the first one.</summary>
    public string? DepartmentId { get; init; }

    /// <summary>Who decides, by step (<see cref="ApprovalNode.Id"/> or <see cref="ApprovalNode.CustomId"/>), where <see cref="ApprovalNode.NeedsApprover"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ApprovalPerson>> Approvers { get; init; } = new Dictionary<string, IReadOnlyList<ApprovalPerson>>();

    /// <summary>Who gets a copy, by step; at most 20 steps for each kind of id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ApprovalPerson>> Copies { get; init; } = new Dictionary<string, IReadOnlyList<ApprovalPerson>>();

    /// <summary>The title of the instance, instead of the definition's name; null: that name.</summary>
    public ApprovalText? Title { get; init; }

    /// <summary>True: the title stands alone; false: the definition's name stands beside it.</summary>
    public bool TitleAlone { get; init; }

    /// <summary>A refused one may be submitted again; null: the definition decides.</summary>
    public bool? AllowResubmit { get; init; }

    /// <summary>A finished one may be submitted anew; null: the definition decides.</summary>
    public bool? AllowSubmitAgain { get; init; }

    /// <summary>True: who asked cannot take it back.</summary>
    public bool ForbidRevoke { get; init; }

    /// <summary>What the approval bot does not tell the person who asked.</summary>
    public ApprovalSilence Silence { get; init; }

    /// <summary>Steps that pass by themselves, by <see cref="ApprovalNode.CustomId"/> or <see cref="ApprovalNode.Id"/>; at most 10.</summary>
    public IReadOnlyList<ApprovalAutomaticNode> AutomaticNodes { get; init; } = [];

    /// <summary>Everything that is wrong with the form, and the steps at which nobody is named; empty: it can be submitted.</summary>
    public IReadOnlyList<ApprovalFormProblem> Problems =>
    [
        .. Form.Problems,
        .. Form.Nodes.Where(n => n.NeedsApprover && !Names(n.Id) && !Names(n.CustomId))
            .Select(n => new ApprovalFormProblem(ApprovalFormFault.MissingApprover, n.Id, n.Name, "", null, "", ApprovalFormTexts.MissingApprover(n))),
    ];

    /// <summary>The request, checked.</summary>
    /// <exception cref="ApprovalFormException">The form is not right.</exception>
    /// <exception cref="ArgumentException">Something else is not.</exception>
    internal V4.InstanceCreateRequest ToRequest(string uuid)
    {
        if (AutomaticNodes.Count > MostAutomaticNodes) throw new ArgumentException($"{AutomaticNodes.Count} steps pass by themselves; the platform takes {MostAutomaticNodes}.");
        if (Problems is { Count: > 0 } problems) throw new ApprovalFormException(Form.ApprovalCode, problems);
        var texts = new ApprovalTexts();
        string? title = Title is null ? null : texts.Key(Title, nameof(Title));
        return new()
        {
            ApprovalCode = ApprovalIds.Code(Form.ApprovalCode, nameof(Form.ApprovalCode)),
            UserId = Submitter.IsUserId ? Submitter.Id : null,
            OpenId = Submitter.IsUserId ? null : Submitter.Id,
            DepartmentId = DepartmentId,
            Form = Form.ToJson(),
            NodeApproverUserIdList = Nodes(Approvers, nameof(Approvers), users: true, int.MaxValue),
            NodeApproverOpenIdList = Nodes(Approvers, nameof(Approvers), users: false, int.MaxValue),
            NodeCcUserIdList = Nodes(Copies, nameof(Copies), users: true, MostCopies),
            NodeCcOpenIdList = Nodes(Copies, nameof(Copies), users: false, MostCopies),
            Uuid = uuid,
            AllowResubmit = AllowResubmit,
            AllowSubmitAgain = AllowSubmitAgain,
            CancelBotNotification = Silence == ApprovalSilence.None ? null : ((int)Silence).ToString(CultureInfo.InvariantCulture),
            ForbidRevoke = ForbidRevoke ? true : null,
            Title = title,
            TitleDisplayMethod = title is null ? null : TitleAlone ? 1 : 0,
            I18nResources = texts.Resources(),
            NodeAutoApprovalList = AutomaticNodes.Count == 0 ? null
                : [.. AutomaticNodes.Select(n => new V4.NodeAutoApproval { NodeIdType = n.IsCustomId ? V4.NodeIdType.Custom : V4.NodeIdType.NonCustom, NodeId = n.NodeId })],
        };
    }

    private bool Names(string? node) => node is not null && Approvers.TryGetValue(node, out IReadOnlyList<ApprovalPerson>? people) && people.Count > 0;

    private static List<V4.NodeApprover>? Nodes(IReadOnlyDictionary<string, IReadOnlyList<ApprovalPerson>> byNode, string name, bool users, int most)
    {
        List<V4.NodeApprover> nodes =
        [
            .. byNode.Select(n => new V4.NodeApprover { Key = n.Key, Value = [.. n.Value.Where(p => p.IsUserId == users).Select(p => p.Id).Distinct()] }).Where(n => n.Value!.Count > 0),
        ];
        if (nodes.Count > most) throw new ArgumentException($"{nodes.Count} steps are named; the platform takes {most}.", name);
        return nodes.Count == 0 ? null : nodes;
    }
}

/// <summary>What the approval bot keeps to itself.</summary>
[Flags]
public enum ApprovalSilence
{
    /// <summary>It tells everything.</summary>
    None = 0,

    /// <summary>Not that it was agreed to.</summary>
    Approved = 1,

    /// <summary>Not that it was refused.</summary>
    Rejected = 2,

    /// <summary>Not that it was cancelled.</summary>
    Canceled = 4,
}

/// <summary>A step that passes by itself.</summary>
/// <param name="NodeId">Which.</param>
/// <param name="IsCustomId">The id is the definition's author's.</param>
public sealed record ApprovalAutomaticNode(string NodeId, bool IsCustomId = false);
