using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Instances. Get them as <c>feishu.Approvals.Instances</c>.</summary>
public readonly partial struct ApprovalInstances
{
    /// <summary>Longest period that one call lists: approval-v4/instance/list.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromHours(10);

    private const int PageSize = 100;

    private readonly FeishuClient _client;

    internal ApprovalInstances(FeishuClient client) => _client = client;

    /// <summary>Makes an instance. Documented limit: 100 a minute.</summary>
    /// <param name="submission">What is asked for.</param>
    /// <param name="uuid">The instance's key, at most 64 characters, unique in the tenant for ever; null: one is made for this call.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; the instance may have been made.</param>
    /// <returns>The instance's code.</returns>
    /// <exception cref="ApprovalFormException">The form is not right. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 60012 the uuid is taken, 1390001 a value is wrong, 1390015 the definition is not in use.</exception>
    public async Task<string> CreateAsync(ApprovalSubmission submission, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        // A key of this call's own can be taken only by this call: by a try whose answer was lost.
        if (uuid is null) return (await CreateOnceAsync(submission, Guid.NewGuid().ToString("D").ToUpperInvariant(), options, cancellationToken)).InstanceCode;
        return Made(await _client.Approval.V4.Instance.CreateAsync(submission.ToRequest(ApprovalIds.Uuid(uuid)), options, cancellationToken));
    }

    /// <summary>Makes an instance, or finds the one that an earlier call under the same key made: however often it is called, there is one.</summary>
    /// <param name="submission">What is asked for; of an instance that is there already it changes nothing.</param>
    /// <param name="uuid">The instance's key, at most 64 characters, unique in the tenant for ever.</param>
    /// <param name="options">What each of the calls overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; call again under the same key.</param>
    /// <exception cref="ApprovalFormException">The form is not right. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no; 60012 here: the key belongs to an instance of another definition.</exception>
    public async Task<CreatedInstance> CreateOnceAsync(ApprovalSubmission submission, string uuid, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        FeishuClient client = _client;
        var request = submission.ToRequest(ApprovalIds.Uuid(uuid));
        try
        {
            return new(Made(await client.Approval.V4.Instance.CreateAsync(request, options, cancellationToken)), WasThere: false);
        }
        catch (FeishuApiException exception) when (exception.Code == ApprovalCodes.UuidTaken)
        {
            ApprovalInstanceDetail there = await new ApprovalInstances(client).GetAsync(uuid, options: options, cancellationToken: cancellationToken);
            if (there.ApprovalCode.Length > 0 && there.ApprovalCode != request.ApprovalCode) throw;
            return new(there.InstanceCode, WasThere: true);
        }
    }

    /// <summary>Gets an instance with its tasks, comments and history. Documented limit: 1000 a minute.</summary>
    /// <param name="codeOrUuid">Its code, or the key it was made under.</param>
    /// <param name="locale">The language of names and options: <c>zh-CN</c>, <c>en-US</c>, <c>ja-JP</c>; null: the platform's choice.</param>
    /// <param name="viewer">As whom: only that person's part of the form is shown; null: the app sees all.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 1390003 there is none.</exception>
    public async Task<ApprovalInstanceDetail> GetAsync(
        string codeOrUuid, string? locale = null, ApprovalPerson? viewer = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(codeOrUuid);
        var answer = await _client.Approval.V4.Instance.GetAsync(
            new() { InstanceId = codeOrUuid, Locale = locale is null ? default(Locale?) : Locale.From(locale), UserId = viewer?.Id, UserIdType = viewer?.IdType }, options, cancellationToken);
        return ApprovalInstanceDetail.From(codeOrUuid, answer);
    }

    /// <summary>The codes of the instances of a definition that were asked for in a period of any length.</summary>
    /// <remarks>
    /// The platform lists at most 10 hours at once and takes 100 calls a minute, so a month is 72 calls or more: periods are fetched as they are needed. Each code comes once.
    /// </remarks>
    /// <param name="approvalCode">Which definition.</param>
    /// <param name="from">From this moment on.</param>
    /// <param name="to">Up to this moment.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The period ends before it starts. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390002 no such definition.</exception>
    public IAsyncEnumerable<string> ListCodesAsync(
        string approvalCode, DateTimeOffset from, DateTimeOffset to, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        string code = ApprovalIds.Code(approvalCode, nameof(approvalCode));
        if (to < from) throw new ArgumentException($"The period ends ({to:O}) before it starts ({from:O}).", nameof(to));
        return Codes(_client, code, from, to, options, cancellationToken);
    }

    /// <summary>Who would have to decide, step by step, if this were submitted now. Nothing is made.</summary>
    /// <param name="submission">What would be asked for.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ApprovalFormException">The form is not right. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<IReadOnlyList<ApprovalPreviewStep>> PreviewAsync(ApprovalSubmission submission, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var answer = await _client.Approval.V4.Instance.PreviewAsync(
            new()
            {
                ApprovalCode = ApprovalIds.Code(submission.Form.ApprovalCode, nameof(submission)), UserId = submission.Submitter.Id, UserIdType = submission.Submitter.IdType,
                DepartmentId = submission.DepartmentId, Form = submission.Form.ToJson(),
            },
            options,
            cancellationToken);
        return [.. (answer.PreviewNodes ?? []).Select(ApprovalPreviewStep.From)];
    }

    private static string Made(V4.InstanceCreateResponse answer) => answer.InstanceCode is { Length: > 0 } code ? code
        : throw new FeishuApiException("The instance was made without a code.") { HttpStatus = 200, Endpoint = V4.Endpoints.InstanceCreate.Id };

    private static async IAsyncEnumerable<string> Codes(
        FeishuClient client, string approvalCode, DateTimeOffset from, DateTimeOffset to, FeishuCallOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whether the ends of a period belong to it is not documented: periods share their edge by a millisecond, and what both list is given once.
        HashSet<string> before = new(StringComparer.Ordinal);
        for (DateTimeOffset start = from; ;)
        {
            DateTimeOffset end = to - start > Window ? start + Window : to;
            HashSet<string> seen = new(StringComparer.Ordinal);
            var request = new V4.InstanceListRequest
            {
                ApprovalCode = approvalCode, StartTime = ApprovalTime.Write(start), EndTime = ApprovalTime.Write(end), PageSize = PageSize,
            };
            await foreach (string code in client.Approval.V4.Instance.ListAllAsync(request, options, cancellationToken))
            {
                if (seen.Add(code) && !before.Contains(code)) yield return code;
            }

            if (end >= to) yield break;
            (before, start) = (seen, end.AddMilliseconds(-1));
        }
    }
}

/// <summary>An instance that exists now.</summary>
/// <param name="InstanceCode">Its code.</param>
/// <param name="WasThere">An earlier call under the same key had made it.</param>
public sealed record CreatedInstance(string InstanceCode, bool WasThere);

/// <summary>A step as it would be.</summary>
/// <param name="NodeId">Which.</param>
/// <param name="CustomNodeId">The author's id for it, or null.</param>
/// <param name="Name">As people see it.</param>
/// <param name="Type"><c>AND OR SEQUENTIAL …</c></param>
/// <param name="Approvers">Who would decide, by the kind of id the submitter was given in; empty where it is left open.</param>
/// <param name="ChosenBySubmitter">Who asks must name who decides.</param>
public sealed record ApprovalPreviewStep(string NodeId, string? CustomNodeId, string Name, string Type, IReadOnlyList<string> Approvers, bool ChosenBySubmitter)
{
    internal static ApprovalPreviewStep From(V4.PreviewNode node) => new(
        node.NodeId ?? "", node.CustomNodeId is { Length: > 0 } custom ? custom : null, node.NodeName ?? "", node.NodeType?.Value ?? "", node.UserIdList ?? [], node.IsApproverTypeFree == true);
}
