using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

public readonly partial struct ApprovalInstances
{
    /// <summary>Searches instances. The index lags behind and leaves out cancelled ones, so it is for people who look, not for keeping books: <see cref="ListCodesAsync"/> is.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<FoundApproval> SearchAsync(
        ApprovalSearch query, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        V4.InstanceQueryRequest request = query.ToRequest(ApprovalSearch.PageSize, null);
        await foreach (var item in _client.Approval.V4.Instance.QueryAllAsync(request, options, cancellationToken)) yield return FoundApproval.From(item.Approval, item.Instance);
    }

    /// <summary>One page of a search: for lists that people leaf through.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="size">Instances of a page, 5 to 200.</param>
    /// <param name="page">Where it goes on: the page before said it; null: the first.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<ApprovalSearchPage> SearchPageAsync(
        ApprovalSearch query, int size, string? page = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var answer = await _client.Approval.V4.Instance.QueryAsync(query.ToRequest(size, page), options, cancellationToken);
        return new(
            [.. (answer.InstanceList ?? []).Select(item => FoundApproval.From(item.Approval, item.Instance))],
            answer is { HasMore: true, PageToken: { Length: > 0 } next } ? next : null);
    }

    /// <summary>Searches the copies that people were given. The index lags behind.</summary>
    /// <param name="query">What is looked for; its status is <c>READ</c> or <c>UNREAD</c>, its times are those of the copy.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<FoundApproval> SearchCopiesAsync(
        ApprovalSearch query, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var request = new V4.InstanceSearchCcRequest
        {
            PageSize = ApprovalSearch.PageSize, UserId = query.Person?.Id, UserIdType = query.Person?.IdType, ApprovalCode = query.ApprovalCode, InstanceCode = query.InstanceCode,
            CcTitle = query.Title, ReadStatus = query.Status is { } status ? Api.ReadStatus.From(status) : default(Api.ReadStatus?),
            CcCreateTimeFrom = query.From is { } from ? ApprovalTime.Write(from) : null, CcCreateTimeTo = query.To is { } to ? ApprovalTime.Write(to) : null,
            Locale = query.Locale is { } locale ? Locale.From(locale) : default(Locale?),
        };
        await foreach (var item in _client.Approval.V4.Instance.SearchCcAllAsync(request, options, cancellationToken)) yield return FoundApproval.From(item.Approval, item.Instance);
    }
}

/// <summary>What is looked for; what is not given does not narrow.</summary>
public sealed record ApprovalSearch
{
    internal const int PageSize = 200;

    /// <summary>Whose: the submitter of instances, who decides tasks, who got copies.</summary>
    public ApprovalPerson? Person { get; init; }

    /// <summary>Of which definition.</summary>
    public string? ApprovalCode { get; init; }

    /// <summary>Which instance.</summary>
    public string? InstanceCode { get; init; }

    /// <summary>Words of the title.</summary>
    public string? Title { get; init; }

    /// <summary>The platform's word: instances <c>PENDING RECALL REJECT DELETED APPROVED ALL</c>, tasks <c>PENDING REJECTED APPROVED TRANSFERRED DONE RM_REPEAT PROCESSED ALL</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Not after.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The language of names: <c>zh-CN</c>, <c>en-US</c>, <c>ja-JP</c>.</summary>
    public string? Locale { get; init; }

    internal V4.InstanceQueryRequest ToRequest(int size, string? page) => new()
    {
        PageSize = size, PageToken = page,
        UserId = Person?.Id, UserIdType = Person?.IdType,
        ApprovalCode = ApprovalCode, InstanceCode = InstanceCode, InstanceTitle = Title,
        InstanceStatus = Status is { } status ? Api.InstanceStatus.From(status) : default(Api.InstanceStatus?),
        InstanceStartTimeFrom = From is { } from ? ApprovalTime.Write(from) : null,
        InstanceStartTimeTo = To is { } to ? ApprovalTime.Write(to) : null,
        Locale = Locale is { } locale ? Api.Locale.From(locale) : default(Api.Locale?),
    };
}

/// <summary>A page of a search.</summary>
/// <param name="Items">What was found.</param>
/// <param name="NextPage">Where it goes on; null: that was all.</param>
public sealed record ApprovalSearchPage(IReadOnlyList<FoundApproval> Items, string? NextPage);

/// <summary>An instance as a search shows it.</summary>
/// <param name="ApprovalCode">Its definition.</param>
/// <param name="ApprovalName">The definition's name.</param>
/// <param name="IsExternal">It comes from another system (<c>feishu.Approvals.External</c>).</param>
/// <param name="InstanceCode">Which one.</param>
/// <param name="ExternalId">The other system's id for it, or empty.</param>
/// <param name="UserId">Who asked, by the kind of id of the search.</param>
/// <param name="Title">As people see it.</param>
/// <param name="SerialNumber">The number that people see.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StateText">The platform's word for it.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended; null: it has not.</param>
public sealed record FoundApproval(
    string ApprovalCode, string ApprovalName, bool IsExternal, string InstanceCode, string ExternalId, string UserId, string Title, string SerialNumber,
    ApprovalInstanceState State, string StateText, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    internal static FoundApproval From(V4.InstanceSearchApproval? approval, V4.InstanceSearchNode? instance) => new(
        approval?.Code ?? "", approval?.Name ?? "", approval?.IsExternal == true, instance?.Code ?? "", instance?.ExternalId ?? "", instance?.UserId ?? "", instance?.Title ?? "",
        instance?.SerialId ?? "", ApprovalStates.Instance(Word(instance?.Status?.Value)), instance?.Status?.Value ?? "", ApprovalTime.Read(instance?.StartTime), ApprovalTime.Read(instance?.EndTime));

    /// <summary>Searches answer in lower case.</summary>
    private static string? Word(string? status) => status?.ToUpperInvariant() is "REJECT" ? "REJECTED" : status?.ToUpperInvariant();
}
