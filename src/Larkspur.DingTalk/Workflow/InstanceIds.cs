using System.Globalization;
using System.Runtime.CompilerServices;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Which instances to list.</summary>
public sealed record InstanceFilter
{
    /// <summary>Only of these people, at most 10; empty: of all.</summary>
    public IReadOnlyList<string> OriginatorUserIds { get; init; } = [];

    /// <summary><c>RUNNING</c>, <c>TERMINATED</c>, <c>COMPLETED</c>; empty: all.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];
}

/// <summary>Ids of instances by pages. A question spans 120 days at most, so a longer time is asked for piece by piece.</summary>
internal sealed class InstanceIds(DingTalkClient client, string processCode, InstanceFilter filter)
{
    public static readonly TimeSpan LongestQuestion = TimeSpan.FromDays(120);
    private const int PageSize = 20;

    private static readonly DingTalkEndpoint Query = new() { Id = "workflow.list", Method = HttpMethod.Post, Path = "/v1.0/workflow/processes/instanceIds/query", OnlyReads = true };

    public async IAsyncEnumerable<string> ListAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (long start, long last) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        while (start <= last)
        {
            long end = Math.Min(start + (long)LongestQuestion.TotalMilliseconds, last);
            await foreach (string id in PagesAsync(start, end, cancellationToken)) yield return id;
            // Both ends belong to a question.
            start = end + 1;
        }
    }

    private async IAsyncEnumerable<string> PagesAsync(long start, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string nextToken = "0";
        while (true)
        {
            var body = new
            {
                processCode, startTime = start, endTime = end, nextToken = Token(nextToken), maxResults = PageSize,
                userIds = filter.OriginatorUserIds.Count == 0 ? null : filter.OriginatorUserIds, statuses = filter.Statuses.Count == 0 ? null : filter.Statuses,
            };
            IdPage page = (await client.SendAsync<Answer>(new DingTalkRequest(Query) { Body = body }, cancellationToken: cancellationToken)).Result ?? throw DingTalkErrorReader.WrongShape(Query.Id, "there is no result");
            foreach (string id in page.List ?? []) yield return id;
            if (string.IsNullOrEmpty(page.NextToken)) yield break;
            if (page.NextToken == nextToken) throw DingTalkErrorReader.WrongShape(Query.Id, "the next page is the same one");
            nextToken = page.NextToken;
        }
    }

    /// <summary>It comes as a text and goes as a number.</summary>
    private static object Token(string token) => long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : token;

    private sealed record Answer(IdPage? Result);

    private sealed record IdPage(List<string>? List, string? NextToken);
}
