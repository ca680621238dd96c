using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary>WeCom's own approvals: make and read forms, submit, list, read. There is no way to approve or reject for somebody.</summary>
/// <remarks>600 calls a minute. The app must be on the list of apps that may call the approval interface (301055 otherwise).</remarks>
public sealed class WeComApprovals
{
    private const int DataPerMinute = 600;

    /// <summary>Longest period of one list.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    private static readonly WeComEndpoint Template = WeComEndpoint.Read("oa.gettemplatedetail", "/cgi-bin/oa/gettemplatedetail") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint CreateTemplate = WeComEndpoint.Write("oa.approval.create_template", "/cgi-bin/oa/approval/create_template") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint UpdateTemplate = WeComEndpoint.Write("oa.approval.update_template", "/cgi-bin/oa/approval/update_template") with { PerMinute = DataPerMinute, IsRepeatable = true };
    private static readonly WeComEndpoint Apply = WeComEndpoint.Write("oa.applyevent", "/cgi-bin/oa/applyevent") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint List = WeComEndpoint.Read("oa.getapprovalinfo", "/cgi-bin/oa/getapprovalinfo") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint Detail = WeComEndpoint.Read("oa.getapprovaldetail", "/cgi-bin/oa/getapprovaldetail") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint Embedded = WeComEndpoint.Read("corp.getopenapprovaldata", "/cgi-bin/corp/getopenapprovaldata") with { PerMinute = DataPerMinute };

    private readonly WeComClient _client;

    internal WeComApprovals(WeComClient client) => _client = client;

    /// <summary>A form.</summary>
    /// <exception cref="WeComApiException">301025: there is none of that id.</exception>
    public async Task<ApprovalTemplate> TemplateAsync(string templateId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(templateId);
        TemplateWire wire = await _client.SendAsync<TemplateWire>(new WeComRequest(Template) { Body = new { template_id = templateId } }, cancellationToken: cancellationToken);
        return new ApprovalTemplate([.. (wire.TemplateNames ?? []).OfType<LocalizedText>()], [.. (wire.TemplateContent.Controls ?? []).OfType<ApprovalControl>()]);
    }

    /// <summary>Makes a form; its way and rules are the platform's defaults until an administrator sets them. A lost answer is not followed by another try: the name would be taken.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="WeComContentException">It breaks a rule of forms; nothing was sent.</exception>
    public async Task<string> CreateTemplateAsync(ApprovalTemplate template, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        return (await _client.SendAsync<Created>(new WeComRequest(CreateTemplate) { Body = Body(null, template) }, cancellationToken: cancellationToken)).TemplateId;
    }

    /// <summary>Changes a form that this app made, as a whole.</summary>
    /// <exception cref="WeComContentException">It breaks a rule of forms; nothing was sent.</exception>
    public Task UpdateTemplateAsync(string templateId, ApprovalTemplate template, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(templateId);
        ArgumentNullException.ThrowIfNull(template);
        return _client.SendAsync(new WeComRequest(UpdateTemplate) { Body = Body(templateId, template) }, cancellationToken: cancellationToken);
    }

    /// <summary>Submits. The platform recognises no repetition: a lost answer is not followed by another try; list the applicant's approvals to see whether it is there.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="WeComContentException">Something is missing or does not fit the form; nothing was sent.</exception>
    /// <exception cref="WeComApiException">301025: a value does not have the shape of its control.</exception>
    public async Task<string> SubmitAsync(ApprovalApplication application, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        return (await _client.SendAsync<Submitted>(new WeComRequest(Apply) { Body = application.Body() }, cancellationToken: cancellationToken)).SpNo;
    }

    /// <summary>Numbers of the approvals of a period, each once; a longer one is read in parts of 31 days, each page by page.</summary>
    public async IAsyncEnumerable<string> ListAsync(
        DateTimeOffset from, DateTimeOffset to, IReadOnlyList<ApprovalFilter>? filters = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var problems = new ContentProblems();
        problems.Unique("filters", (filters ?? []).Where(f => f.Key != "department").Select(f => f.Key));
        problems.ThrowIfAny();
        // Both ends of a part belong to it, so one made in the second between two parts comes with both.
        HashSet<string> before = [];
        for (DateTimeOffset start = from; start < to; start += LongestPeriod)
        {
            HashSet<string> part = [];
            DateTimeOffset end = start + LongestPeriod < to ? start + LongestPeriod : to;
            await foreach (string number in PartAsync(start, end, filters, cancellationToken))
            {
                if (part.Add(number) && !before.Contains(number)) yield return number;
            }

            before = part;
        }
    }

    /// <summary>One approval.</summary>
    public async Task<ApprovalDetail> DetailAsync(string number, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(number);
        return (await _client.SendAsync<Found>(new WeComRequest(Detail) { Body = new { sp_no = number } }, cancellationToken: cancellationToken)).Info.ToDetail();
    }

    /// <summary>One approval of the embedded engine (审批流程引擎), which pages start over JS-SDK.</summary>
    /// <param name="thirdNumber">The number that we gave it, <c>thirdNo</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<EmbeddedApproval> EmbeddedAsync(string thirdNumber, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(thirdNumber);
        return EmbeddedApprovalReader.Read((await _client.SendAsync<Opened>(new WeComRequest(Embedded) { Body = new JsonObject { ["thirdNo"] = thirdNumber } }, cancellationToken: cancellationToken)).Data);
    }

    private async IAsyncEnumerable<string> PartAsync(DateTimeOffset start, DateTimeOffset end, IReadOnlyList<ApprovalFilter>? filters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string cursor = "";
        HashSet<string> cursors = [];
        while (true)
        {
            Page page = await _client.SendAsync<Page>(new WeComRequest(List)
            {
                Body = new { starttime = start.ToUnixTimeSeconds().ToString(), endtime = end.ToUnixTimeSeconds().ToString(), new_cursor = cursor, size = 100, filters },
            }, cancellationToken: cancellationToken);
            foreach (string number in page.SpNoList ?? []) yield return number;
            if (string.IsNullOrEmpty(page.NewNextCursor)) yield break;
            // A cursor that comes again would be read for ever.
            if (!cursors.Add(page.NewNextCursor)) throw new WeComApiException("oa.getapprovalinfo names the same cursor again.") { Endpoint = List.Id };
            cursor = page.NewNextCursor;
        }
    }

    private static object Body(string? templateId, ApprovalTemplate template)
    {
        var problems = new ContentProblems();
        template.Judge(problems);
        problems.ThrowIfAny();
        return new { template_id = templateId, template_name = template.Names, template_content = new { controls = template.Controls } };
    }

    private sealed record TemplateWire(IReadOnlyList<LocalizedText>? TemplateNames, [property: JsonRequired, JsonConverter(typeof(StrictJsonConverter<TemplateContentWire>))] TemplateContentWire TemplateContent);

    private sealed record TemplateContentWire(IReadOnlyList<ApprovalControl>? Controls);

    private sealed record Created([property: JsonRequired] string TemplateId);

    private sealed record Submitted([property: JsonRequired] string SpNo);

    private sealed record Page(IReadOnlyList<string>? SpNoList, string? NewNextCursor);

    private sealed record Found([property: JsonRequired, JsonConverter(typeof(StrictJsonConverter<ApprovalDetailWire>))] ApprovalDetailWire Info);

    private sealed record Opened([property: JsonRequired] JsonElement Data);
}
