using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>The body of the call that makes an instance: the form judged against its definition, the people by their ids.</summary>
internal static class InstanceBody
{
    /// <summary>At least 9 characters.</summary>
    private const string TitleKey = "@i18n@larkspur_title";

    /// <summary>Judges the form and writes it as the platform wants it.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="form">Values by control id, custom id or name.</param>
    /// <param name="pointer">Where the form stands in the request.</param>
    /// <exception cref="RequestRefusedException">A value does not fit its control, or one is missing; it names the field.</exception>
    public static string FormOf(ApprovalDefinition definition, System.Text.Json.JsonElement form, string pointer)
    {
        var values = ApprovalForm.FromJson(definition, form);
        if (values.Problems is [var problem, ..]) throw RequestRefusedException.Impossible(WordOf(problem.Fault), pointer + PointerOf(problem), problem.Explanation.English);
        return values.ToJson();
    }

    /// <summary>The definition can be used.</summary>
    /// <exception cref="RequestRefusedException">It cannot.</exception>
    public static void CheckState(ApprovalDefinition definition, string? pointer)
    {
        if (definition.State == ApprovalDefinitionState.Deleted)
            throw RequestRefusedException.Impossible("unknown_approval_code", pointer, $"The approval definition {definition.ApprovalCode} was deleted.");
        if (definition.State == ApprovalDefinitionState.Inactive)
            throw RequestRefusedException.Impossible("approval_inactive", pointer, $"The approval definition \"{definition.Name}\" is switched off on the platform.");
    }

    /// <summary>Finds the step of each approver, and that every step that needs some has some.</summary>
    /// <exception cref="RequestRefusedException">A step is unknown, takes no approvers, or goes without.</exception>
    public static IReadOnlyList<(ApprovalNode Node, ChosenApprover Approver)> StepsOf(ApprovalDefinition definition, IReadOnlyList<ChosenApprover> approvers, string pointer)
    {
        ApprovalNode[] open = [.. definition.Nodes.Where(n => n.NeedsApprover)];
        var steps = approvers.Select(a => (StepOf(definition, open, a), a)).ToList();
        foreach (var node in open)
        {
            var named = steps.Count(s => s.Item1.Id == node.Id);
            if (named == 0) throw RequestRefusedException.Impossible("approvers_missing", pointer, $"The step \"{node.Name}\" ({node.Id}) needs approvers: name them.");
            if (named > 1 && !node.MayNameSeveral) throw RequestRefusedException.Impossible("too_many_approvers", steps.Last(s => s.Item1.Id == node.Id).a.Pointer, $"The step \"{node.Name}\" takes one approver.");
        }

        return steps;
    }

    /// <summary>The body, without its uuid.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="submitter">Who asks.</param>
    /// <param name="form">As the platform wants it.</param>
    /// <param name="approvers">Who decides where that is open.</param>
    /// <param name="title">What people read in their lists of approvals; null: the definition's name.</param>
    public static string Of(ApprovalDefinition definition, Applicant submitter, string form, IReadOnlyList<(ApprovalNode Node, Applicant Person)> approvers, string? title)
    {
        var body = new JsonObject { ["approval_code"] = definition.ApprovalCode };
        if (submitter.OpenId is { } openId) body["open_id"] = openId;
        else body["user_id"] = submitter.UserId;
        body["form"] = form;
        Add(body, "node_approver_open_id_list", approvers.Where(a => a.Person.OpenId is not null).Select(a => (a.Node.Id, a.Person.OpenId!)));
        Add(body, "node_approver_user_id_list", approvers.Where(a => a.Person.OpenId is null).Select(a => (a.Node.Id, a.Person.UserId!)));
        if (title is not null) AddTitle(body, title);
        return body.ToJsonString(FeishuJson.Options);
    }

    /// <summary>The platform takes keys of texts, not texts (facts, section 8). By <c>title_display_method</c>'s default the details show the definition's name beside it.</summary>
    private static void AddTitle(JsonObject body, string title)
    {
        body["title"] = TitleKey;
        body["i18n_resources"] = new JsonArray(new JsonObject
        {
            ["locale"] = "zh-CN", ["is_default"] = true, ["texts"] = new JsonArray(new JsonObject { ["key"] = TitleKey, ["value"] = title }),
        });
    }

    private static void Add(JsonObject body, string member, IEnumerable<(string Node, string Person)> people)
    {
        var list = new JsonArray();
        foreach (var node in people.GroupBy(p => p.Node, p => p.Person, StringComparer.Ordinal))
            list.Add(new JsonObject { ["key"] = node.Key, ["value"] = new JsonArray([.. node.Distinct().Select(id => (JsonNode)id)]) });
        if (list.Count > 0) body[member] = list;
    }

    private static ApprovalNode StepOf(ApprovalDefinition definition, ApprovalNode[] open, ChosenApprover approver)
    {
        if (approver.Node is null)
        {
            return open switch
            {
                [var only] => only,
                [] => throw RequestRefusedException.Impossible("no_step_takes_approvers", approver.Pointer, "The definition itself says who decides: leave approvers out."),
                _ => throw RequestRefusedException.Impossible("node_missing", approver.Pointer, $"Several steps take approvers: name one of them as node ({string.Join(", ", open.Select(n => n.CustomId ?? n.Id))})."),
            };
        }

        var at = approver.Pointer + "/node";
        ApprovalNode[] found = [.. definition.Nodes.Where(n => n.Id == approver.Node || n.CustomId == approver.Node)];
        if (found.Length == 0) found = [.. definition.Nodes.Where(n => n.Name == approver.Node)];
        if (found is not [var node]) throw RequestRefusedException.Impossible("unknown_node", at, $"The definition has {(found.Length == 0 ? "no" : "more than one")} step \"{JsonFields.Shown(approver.Node)}\".");
        return node.NeedsApprover ? node : throw RequestRefusedException.Impossible("no_step_takes_approvers", at, $"The definition itself says who decides in \"{node.Name}\".");
    }

    private static string WordOf(ApprovalFormFault fault) => fault switch
    {
        ApprovalFormFault.UnknownControl => "unknown_control",
        ApprovalFormFault.AmbiguousName => "ambiguous_control",
        ApprovalFormFault.WrongType => "wrong_type",
        ApprovalFormFault.UnknownOption => "unknown_option",
        ApprovalFormFault.AmbiguousOption => "ambiguous_option",
        ApprovalFormFault.Missing => "missing",
        ApprovalFormFault.ByHandOnly => "by_hand_only",
        ApprovalFormFault.GivenTwice => "given_twice",
        _ => "wrong_value",
    };

    /// <summary>As the request names it: a row of a table is <c>widget7[1]</c> in the problem, and <c>/widget7/1</c> in the pointer.</summary>
    private static string PointerOf(ApprovalFormProblem problem)
    {
        var row = problem.Row.Length == 0 ? "" : "/" + problem.Row.Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return $"{row}/{(problem.Key ?? problem.ControlId).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }
}
