using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary>Which approvals to list.</summary>
/// <param name="Key"><c>template_id</c>, <c>creator</c>, <c>department</c>, <c>sp_status</c>, <c>record_type</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record ApprovalFilter(string Key, string Value);

/// <summary>An approval as the platform has it.</summary>
public sealed record ApprovalDetail
{
    /// <summary>Number.</summary>
    public string SpNo { get; init; } = "";

    /// <summary>Name of the form.</summary>
    public string SpName { get; init; } = "";

    /// <summary>1 pending, 2 passed, 3 rejected, 4 withdrawn, 6 withdrawn after passing, 7 deleted, 10 paid.</summary>
    public int SpStatus { get; init; }

    /// <summary>The form.</summary>
    public string TemplateId { get; init; } = "";

    /// <summary>Seconds since 1970.</summary>
    public long ApplyTime { get; init; }

    /// <summary>All further members: applicant, records of nodes, the form's values, comments.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Members { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>WeCom's own approvals: read forms, submit, list, read. There is no way to approve or reject for somebody.</summary>
/// <remarks>600 calls a minute. The app must be on the list of apps that may call the approval interface (301055 otherwise).</remarks>
public sealed class WeComApprovals
{
    private const int DataPerMinute = 600;

    /// <summary>Longest period of one list.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    private static readonly WeComEndpoint Template = WeComEndpoint.Read("oa.gettemplatedetail", "/cgi-bin/oa/gettemplatedetail") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint Apply = WeComEndpoint.Write("oa.applyevent", "/cgi-bin/oa/applyevent") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint List = WeComEndpoint.Read("oa.getapprovalinfo", "/cgi-bin/oa/getapprovalinfo") with { PerMinute = DataPerMinute };
    private static readonly WeComEndpoint Detail = WeComEndpoint.Read("oa.getapprovaldetail", "/cgi-bin/oa/getapprovaldetail") with { PerMinute = DataPerMinute };

    private readonly WeComClient _client;

    internal WeComApprovals(WeComClient client) => _client = client;

    /// <summary>A form: names and controls, in the platform's shape.</summary>
    public Task<JsonElement> TemplateAsync(string templateId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(templateId);
        return _client.SendAsync<JsonElement>(new WeComRequest(Template) { Body = new { template_id = templateId } }, cancellationToken: cancellationToken);
    }

    /// <summary>Submits. The platform recognises no repetition: a lost answer is not followed by another try; list the applicant's approvals to see whether it is there.</summary>
    /// <param name="application">The body of <c>applyevent</c> in the platform's shape: creator_userid, template_id, apply_data, summary_list, …</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="WeComContentException">A required part is missing, or a count is wrong; nothing was sent.</exception>
    /// <exception cref="WeComApiException">301025: a value does not have the shape of its control.</exception>
    public async Task<string> SubmitAsync(JsonObject application, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        var faults = new Faults();
        foreach (string part in new[] { "creator_userid", "template_id", "use_template_approver", "apply_data", "summary_list" })
        {
            if (application[part] is null) faults.Add(part, "is missing");
        }

        if (application["summary_list"] is JsonArray summary) faults.Count("summary_list", summary.ToArray(), 1, 3);
        faults.ThrowIfAny();
        return (await _client.SendAsync<Submitted>(new WeComRequest(Apply) { Body = application }, cancellationToken: cancellationToken)).SpNo;
    }

    /// <summary>Numbers of the approvals of a period; a longer one is read in parts of 31 days, each page by page. One made in the second between two parts may come twice.</summary>
    public async IAsyncEnumerable<string> ListAsync(
        DateTimeOffset from, DateTimeOffset to, IReadOnlyList<ApprovalFilter>? filters = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (DateTimeOffset start = from; start < to; start += LongestPeriod)
        {
            DateTimeOffset end = start + LongestPeriod < to ? start + LongestPeriod : to;
            string cursor = "";
            while (true)
            {
                Page page = await _client.SendAsync<Page>(new WeComRequest(List)
                {
                    Body = new
                    {
                        starttime = start.ToUnixTimeSeconds().ToString(), endtime = end.ToUnixTimeSeconds().ToString(), new_cursor = cursor, size = 100, filters,
                    },
                }, cancellationToken: cancellationToken);
                foreach (string number in page.SpNoList ?? []) yield return number;
                if (string.IsNullOrEmpty(page.NewNextCursor)) break;
                if (page.NewNextCursor == cursor) throw new WeComApiException("oa.getapprovalinfo names the same cursor again.") { Endpoint = List.Id };
                cursor = page.NewNextCursor;
            }
        }
    }

    /// <summary>One approval.</summary>
    public async Task<ApprovalDetail> DetailAsync(string number, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(number);
        return (await _client.SendAsync<Found>(new WeComRequest(Detail) { Body = new { sp_no = number } }, cancellationToken: cancellationToken)).Info;
    }

    private sealed record Submitted(string SpNo);

    private sealed record Page(IReadOnlyList<string>? SpNoList, string? NewNextCursor);

    private sealed record Found([property: JsonRequired] ApprovalDetail Info);
}
