using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using FeishuEndpoints = Larkspur.Feishu.Api.Approval.V4.Endpoints;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>Approval forms that are known here, and the instances of one as the platform finds them.</summary>
internal sealed class ApprovalsPageService(FeishuApps apps, IEnumerable<IAppStates> states, PlatformCalls calls, ApprovalCodeStore codes,
    PaymentWorkflow workflow, DefinitionCache definitions, ApprovalPeople people, IDatabase database)
{
    /// <summary>Instances of a page.</summary>
    public const int OnPage = 20;

    private const int MostForms = 100;

    /// <summary>Names cost a call each until they are kept: the rest of a long list shows its codes.</summary>
    private const int MostNamed = 12;

    /// <summary>The apps that can be asked, by name.</summary>
    public IReadOnlyList<string> Apps => [.. apps.All.Select(a => a.Name).Order(StringComparer.Ordinal)];

    /// <summary>Connected platforms whose approvals this page cannot list.</summary>
    public IReadOnlyList<string> OtherPlatforms => [.. states.Where(s => s.Platform != PlatformNames.Feishu
        && s.States.Any(a => a.Condition == AppCondition.Connected)).Select(s => s.Platform).Order(StringComparer.Ordinal)];

    /// <summary>Forms that are known: the payments' one first, then those whose events come, then others that events told of.</summary>
    public async Task<IReadOnlyList<KnownForm>> FormsAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(sql => codes.KnownAsync(sql, MostForms), cancellation);
        var forms = rows.Select(r => new KnownForm(r.App, r.Code, r.Subscription.State));
        if (workflow.Target is { } target)
            forms = forms.Prepend(forms.FirstOrDefault(f => f.Is(target.App, target.Code)) ?? new KnownForm(target.App, target.Code, null));
        return [.. forms.DistinctBy(f => (f.App, f.Code))];
    }

    /// <summary>Names of forms by their keys, as far as the platform tells them now; the others go by their codes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FormNamesAsync(IReadOnlyList<KnownForm> forms, CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(forms.Take(MostNamed).Select(async form =>
            (form, (await DefinitionAsync(form, cancellation)).Found)));
        return asked.Where(a => a.Found is { Name.Length: > 0 }).ToDictionary(a => a.form.Key, a => a.Found!.Name);
    }

    /// <summary>The form itself, or why it cannot be told.</summary>
    public Task<(ApprovalDefinition? Found, ApprovalProblem? Problem)> DefinitionAsync(KnownForm form, CancellationToken cancellation) =>
        ApprovalProblem.TryAsync(() => definitions.GetAsync(
            calls.App(form.App), ApprovalRelay.Id(form.Code, "?code"), null, cancellation));

    /// <summary>A page of instances, the newest first, or why there is none.</summary>
    /// <param name="wanted">Which ones.</param>
    /// <param name="language">The reader's language.</param>
    /// <param name="page">Where it goes on; null: the first page.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<(InstancePage? Found, ApprovalProblem? Problem)> ListAsync(
        InstanceFilter wanted, string language, string? page, CancellationToken cancellation) => ApprovalProblem.TryAsync(async () =>
    {
        var app = calls.App(wanted.Form.App);
        var search = new ApprovalSearch
        {
            ApprovalCode = ApprovalRelay.Id(wanted.Form.Code, "?code"), Status = wanted.State,
            From = wanted.From, To = wanted.Until, Locale = Locale(language),
        };
        var call = calls.Call(app, FeishuEndpoints.InstanceQuery);
        var found = await app.Client.Approvals.Instances.SearchPageAsync(search, OnPage, page, call, cancellation);
        var names = await people.NamesAsync(app, found.Items.Select(i => i.UserId), cancellation);
        return new InstancePage([.. found.Items.OrderByDescending(i => i.StartedAt)], names, found.NextPage);
    });

    /// <summary>The platform's word for a reader's language.</summary>
    public static string Locale(string language) => language == "zh" ? "zh-CN" : "en-US";
}

/// <summary>Which instances are looked for.</summary>
/// <param name="Form">Of which form.</param>
/// <param name="State">The platform's word for a state; null: all but withdrawn ones.</param>
/// <param name="From">Asked for from this moment on.</param>
/// <param name="Until">Up to this moment.</param>
internal sealed record InstanceFilter(KnownForm Form, string? State, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A page of instances.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Names">Names of people by their ids, as far as the app sees them.</param>
/// <param name="Next">Where it goes on; null: that was all.</param>
internal sealed record InstancePage(IReadOnlyList<FoundApproval> Items, IReadOnlyDictionary<string, string> Names, string? Next);
