using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Contacts;

/// <summary>What a job does with its CSV file.</summary>
public enum AddressBookJobKind
{
    /// <summary>Adds and changes the members of the file; others stay.</summary>
    SyncUsers,

    /// <summary>The file is all members: others are <b>deleted</b>.</summary>
    ReplaceUsers,

    /// <summary>The file is all departments: others are <b>deleted</b>.</summary>
    ReplaceDepartments,
}

/// <summary>How far a job is.</summary>
/// <param name="Status">1 begun, 2 at work, 3 done.</param>
/// <param name="Type"><c>sync_user</c>, <c>replace_user</c>, <c>replace_party</c>.</param>
/// <param name="Total">Rows.</param>
/// <param name="Percentage">Of them done.</param>
/// <param name="Result">Each row's outcome, in the platform's shape; null until it is done.</param>
public sealed record AddressBookJob(int Status, string Type, int Total, int Percentage, JsonElement? Result)
{
    /// <summary>It has ended.</summary>
    public bool IsDone => Status == 3;
}

/// <summary>Jobs over the whole address book; one at a time. The end is told with <c>batch_job_result</c> (<see cref="Callbacks.BatchJobEnded"/>).</summary>
public sealed partial class WeComContacts
{
    private static readonly WeComEndpoint SyncUsers = WeComEndpoint.Write("batch.syncuser", "/cgi-bin/batch/syncuser");
    private static readonly WeComEndpoint ReplaceUsers = WeComEndpoint.Write("batch.replaceuser", "/cgi-bin/batch/replaceuser");
    private static readonly WeComEndpoint ReplaceDepartments = WeComEndpoint.Write("batch.replaceparty", "/cgi-bin/batch/replaceparty");
    private static readonly WeComEndpoint JobResult = WeComEndpoint.Get("batch.getresult", "/cgi-bin/batch/getresult");

    /// <summary>Begins a job.</summary>
    /// <param name="kind">What it does. Replacing deletes whoever is not in the file.</param>
    /// <param name="mediaId">The CSV file, uploaded before (<see cref="WeComClient.Media"/>).</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its id, for <see cref="JobAsync"/>.</returns>
    /// <exception cref="WeComApiException">48002: the secret is not that of the address-book sync.</exception>
    public async Task<string> BeginJobAsync(AddressBookJobKind kind, string mediaId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mediaId);
        WeComEndpoint endpoint = kind switch
        {
            AddressBookJobKind.SyncUsers => SyncUsers,
            AddressBookJobKind.ReplaceUsers => ReplaceUsers,
            AddressBookJobKind.ReplaceDepartments => ReplaceDepartments,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return (await _client.SendAsync<Begun>(new WeComRequest(endpoint) { Body = new { media_id = mediaId } }, cancellationToken: cancellationToken)).JobId;
    }

    /// <summary>How far a job is.</summary>
    public async Task<AddressBookJob> JobAsync(string jobId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId);
        JobWire job = await _client.SendAsync<JobWire>(new WeComRequest(JobResult) { Query = [new("jobid", jobId)] }, cancellationToken: cancellationToken);
        return new AddressBookJob(job.Status, job.Type ?? "", job.Total, job.Percentage, job.Result.ValueKind == JsonValueKind.Array ? job.Result : null);
    }

    private sealed record Begun([property: JsonPropertyName("jobid"), JsonRequired] string JobId);

    private sealed record JobWire([property: JsonRequired] int Status, string? Type, int Total, int Percentage, JsonElement Result);
}
