using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>One instance, and what an operator does about it by the ways of the REST API.</summary>
internal sealed class ApprovalPageService(PlatformCalls calls, InstanceReader reader, InstanceWithdrawal withdrawal, PaymentStore payments,
    PaymentSteps steps, ApprovalPeople people, AuditTrail audit, IDatabase database)
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Opens an instance; that it was read stands in the audit log, for forms hold what people wrote of themselves.</summary>
    public async Task<(SeenInstance? Found, ApprovalProblem? Problem)> OpenAsync(
        Actor who, string app, string id, string language, CancellationToken cancellation)
    {
        var seen = await LookAsync(who, app, id, language, cancellation);
        if (seen.Found is { } found)
        {
            await audit.AddAsync(who, "approval_instance.read", found.Instance.InstanceCode, new() { ["app"] = app },
                cancellation: cancellation);
        }

        return seen;
    }

    /// <summary>Looks at an opened instance again.</summary>
    public Task<(SeenInstance? Found, ApprovalProblem? Problem)> LookAsync(
        Actor who, string appName, string id, string language, CancellationToken cancellation) => ApprovalProblem.TryAsync(async () =>
    {
        var app = calls.App(appName);
        var raw = await reader.ReadAsync(new KeyGrant(who), app, id, ApprovalsPageService.Locale(language), cancellation);
        var instance = ApprovalInstanceDetail.From(id, raw.Deserialize<InstanceGetResponse>(FeishuJson.Options)!);
        var payment = await database.ReadAsync(sql => payments.FindByInstanceAsync(sql, instance.InstanceCode), cancellation);
        var names = await people.NamesAsync(app, PeopleOf(instance), cancellation);
        return new SeenInstance(app.Name, instance, names, JsonSerializer.Serialize(raw, Readable))
        {
            Payment = payment?.App == app.Name ? PaymentView.Of(payment) : null,
        };
    });

    /// <summary>Withdraws it in its submitter's name.</summary>
    public Task WithdrawAsync(Actor who, SeenInstance seen, CancellationToken cancellation)
    {
        var instance = seen.Instance;
        var submitter = instance.OpenId.Length > 0 ? ("open_id", instance.OpenId) : ("user_id", instance.UserId);
        return withdrawal.WithdrawAsync(
            who, calls.App(seen.App), instance.InstanceCode, instance.ApprovalCode, submitter, cancellation);
    }

    /// <summary>Has everybody reminded whose decision a payment waits for.</summary>
    /// <returns>How many are reminded.</returns>
    public async Task<int> RemindAsync(Actor who, string payment, CancellationToken cancellation) =>
        (await steps.RemindAsync(payment, null, "console:" + Guid.NewGuid().ToString("N"), new KeyGrant(who), cancellation)).Count;

    private static IEnumerable<string> PeopleOf(ApprovalInstanceDetail instance) =>
    [
        instance.OpenId, .. instance.Tasks.Select(t => t.OpenId), .. instance.Comments.Select(c => c.OpenId),
        .. instance.Timeline.SelectMany(t => t.OpenIds.Append(t.OpenId)), .. PeopleOf(instance.Form),
    ];

    private static IEnumerable<string> PeopleOf(ApprovalFormValues form) => form.Items.SelectMany(item => item.Value switch
    {
        ApprovalPeopleValue people => people.OpenIds,
        ApprovalRowsValue rows => rows.Rows.SelectMany(PeopleOf),
        _ => [],
    });
}

/// <summary>An instance as it was seen.</summary>
/// <param name="App">By which app.</param>
/// <param name="Instance">What the platform said.</param>
/// <param name="Names">Names of people by their open ids.</param>
/// <param name="Raw">The same as it came.</param>
internal sealed record SeenInstance(
    string App, ApprovalInstanceDetail Instance, IReadOnlyDictionary<string, string> Names, string Raw)
{
    /// <summary>The payment that it decides; null: none.</summary>
    public PaymentView? Payment { get; init; }

    /// <summary>Where it stands; what was undone after it had been agreed to is no longer approved.</summary>
    public ApprovalInstanceState State => Instance.IsReverted ? ApprovalInstanceState.Reverted : Instance.State;

    /// <summary>Somebody has still to decide.</summary>
    public bool IsOpen => State is ApprovalInstanceState.Pending or ApprovalInstanceState.OvertimeRecovered;

    /// <summary>Tasks that wait for somebody.</summary>
    public IReadOnlyList<ApprovalInstanceTask> Open => [.. Instance.Tasks.Where(t => t.State == ApprovalTaskState.Pending)];

    /// <summary>What happened and what was said about it, from the first on.</summary>
    public IReadOnlyList<InstanceLine> Lines =>
    [
        .. Instance.Timeline.Select(t => new InstanceLine(t.Type, t.At, Who(t.OpenId, t.UserId),
                [.. t.OpenIds.Select(id => Who(id, ""))], t.Comment, [.. t.Files.Select(f => f.Name)]))
            .Concat(Instance.Comments.Select(c => new InstanceLine(InstanceLine.Comment, c.At, Who(c.OpenId, c.UserId), [], c.Text,
                [.. c.Files.Select(f => f.Name)])))
            .OrderBy(line => line.At),
    ];

    /// <summary>Somebody's name, else an id; empty: nobody, a rule did it.</summary>
    public string Who(string openId, string userId) =>
        Names.GetValueOrDefault(openId) ?? (userId.Length > 0 ? userId : openId);
}

/// <summary>A line of an instance's time line.</summary>
/// <param name="What">The platform's word, or <see cref="Comment"/>.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who did it; empty: a rule.</param>
/// <param name="Others">To whom: who was added, copied, given the task.</param>
/// <param name="Text">What was said; empty: nothing.</param>
/// <param name="Files">Names of what was attached.</param>
internal sealed record InstanceLine(
    string What, DateTimeOffset? At, string Who, IReadOnlyList<string> Others, string Text, IReadOnlyList<string> Files)
{
    /// <summary>Somebody said something.</summary>
    public const string Comment = "COMMENT";
}
