using System.Text.Json;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Whether a definition can be used.</summary>
public enum ApprovalDefinitionState
{
    /// <summary>A word that this SDK does not know; see <see cref="ApprovalDefinition.StateText"/>.</summary>
    Unknown,

    /// <summary>In use.</summary>
    Active,

    /// <summary>Switched off by an administrator: nothing new can be asked for (1390015).</summary>
    Inactive,

    /// <summary>Deleted.</summary>
    Deleted,
}

/// <summary>A definition: what can be asked for, with which form, decided in which steps.</summary>
public sealed record ApprovalDefinition
{
    /// <summary>Which one.</summary>
    public required string ApprovalCode { get; init; }

    /// <summary>Its name, in the language that was asked for.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it can be used.</summary>
    public ApprovalDefinitionState State { get; init; }

    /// <summary>The platform's word for it: <c>ACTIVE</c>, …; others may come.</summary>
    public string StateText { get; init; } = "";

    /// <summary>The form, in its order.</summary>
    public required IReadOnlyList<ApprovalControl> Controls { get; init; }

    /// <summary>The steps, in their order.</summary>
    public IReadOnlyList<ApprovalNode> Nodes { get; init; } = [];

    /// <summary>Who may ask: <c>TENANT</c>, <c>DEPARTMENT</c>, <c>USER</c>, <c>ROLE</c>, <c>USER_GROUP</c>, <c>NONE</c>.</summary>
    public IReadOnlyList<ApprovalViewer> Viewers { get; init; } = [];

    /// <summary>open_ids of those who manage its data; empty unless asked for.</summary>
    public IReadOnlyList<string> AdminIds { get; init; } = [];

    /// <summary>The form as the platform wrote it.</summary>
    public string FormJson { get; init; } = "[]";

    /// <summary>Finds a control by its id, else its custom id, else its name when only one has it; null: there is none, or several share the name.</summary>
    public ApprovalControl? Find(string idOrName) => ApprovalFormKeys.Find(Controls, idOrName, out _);

    /// <summary>An empty form for this definition.</summary>
    public ApprovalForm NewForm() => new(this);

    /// <summary>A definition from its form alone, for one that is kept elsewhere than on the platform.</summary>
    /// <param name="approvalCode">Which one.</param>
    /// <param name="formJson">The form: a JSON array of controls, as <c>GET approvals/:code</c> answers it.</param>
    /// <exception cref="JsonException">The form is no JSON array.</exception>
    public static ApprovalDefinition FromForm(string approvalCode, string formJson)
    {
        ArgumentNullException.ThrowIfNull(formJson);
        return new()
        {
            ApprovalCode = ApprovalIds.Code(approvalCode, nameof(approvalCode)),
            State = ApprovalDefinitionState.Active,
            Controls = ApprovalControlReader.Read(formJson) ?? throw new JsonException($"The form of approval {approvalCode} is no JSON array."),
            FormJson = formJson,
        };
    }

    internal static ApprovalDefinition From(string code, V4.ApprovalGetResponse answer)
    {
        string form = answer.Form is { Length: > 0 } given ? given : "[]";
        return new()
        {
            ApprovalCode = code,
            Name = answer.ApprovalName ?? "",
            State = answer.Status?.Value switch
            {
                "ACTIVE" => ApprovalDefinitionState.Active,
                "INACTIVE" => ApprovalDefinitionState.Inactive,
                "DELETED" => ApprovalDefinitionState.Deleted,
                _ => ApprovalDefinitionState.Unknown,
            },
            StateText = answer.Status?.Value ?? "",
            Controls = ApprovalControlReader.Read(form) ?? throw new JsonException($"The form of approval {code} is no JSON array."),
            Nodes = [.. (answer.NodeList ?? []).Select(ApprovalNode.From)],
            Viewers = [.. (answer.Viewers ?? []).Select(v => new ApprovalViewer(v.Type?.Value ?? "", v.Id is { Length: > 0 } id ? id : v.UserId ?? ""))],
            AdminIds = answer.ApprovalAdminIds ?? [],
            FormJson = form,
        };
    }
}

/// <summary>A step of a definition.</summary>
public sealed record ApprovalNode
{
    /// <summary>The platform's id of it. The start and the end are among the steps.</summary>
    public required string Id { get; init; }

    /// <summary>The id that the definition's author gave it, or null.</summary>
    public string? CustomId { get; init; }

    /// <summary>What people see.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>AND</c> all must agree, <c>OR</c> one is enough, <c>SEQUENTIAL</c> one after the other, <c>CC_NODE</c> nobody decides.</summary>
    public string Type { get; init; } = "";

    /// <summary>Who asks names who decides here: <see cref="ApprovalSubmission.Approvers"/> must say it.</summary>
    public bool NeedsApprover { get; init; }

    /// <summary>Several may be named.</summary>
    public bool MayNameSeveral { get; init; }

    /// <summary>Agreeing takes a hand-written signature, which no API can give (1390018).</summary>
    public bool NeedsSignature { get; init; }

    internal static ApprovalNode From(V4.ApprovalNodeInfo node) => new()
    {
        Id = node.NodeId ?? "",
        CustomId = node.CustomNodeId is { Length: > 0 } custom ? custom : null,
        Name = node.Name ?? "",
        Type = node.NodeType?.Value ?? "",
        NeedsApprover = node.NeedApprover == true,
        MayNameSeveral = node.ApproverChosenMulti == true,
        NeedsSignature = node.RequireSignature == true,
    };
}

/// <summary>Who may ask.</summary>
/// <param name="Type">Kind of <paramref name="Id"/>.</param>
/// <param name="Id">Which; empty for everybody and for nobody.</param>
public sealed record ApprovalViewer(string Type, string Id);
