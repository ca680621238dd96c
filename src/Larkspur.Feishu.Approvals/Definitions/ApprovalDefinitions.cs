using Larkspur.Feishu.Api;

namespace Larkspur.Feishu.Approvals;

/// <summary>Definitions. Get them as <c>feishu.Approvals.Definitions</c>.</summary>
public readonly partial struct ApprovalDefinitions
{
    private readonly FeishuClient _client;

    internal ApprovalDefinitions(FeishuClient client) => _client = client;

    /// <summary>Reads a definition. Documented limit: 100 a minute, so keep what it answers until the event says that it changed (<c>approval.approval.updated_v4</c>).</summary>
    /// <param name="approvalCode">Which one.</param>
    /// <param name="locale">The language of names and options: <c>zh-CN</c>, <c>en-US</c>, <c>ja-JP</c>; null: the platform's choice.</param>
    /// <param name="withOptions">True: also the options that come from other systems and from attendance, as <paramref name="user"/> sees them.</param>
    /// <param name="user">For whom those options are asked.</param>
    /// <param name="withAdmins">True: also who manages its data.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 1390002 there is none, 1390016 it was deleted.</exception>
    /// <exception cref="System.Text.Json.JsonException">Its form cannot be read.</exception>
    public async Task<ApprovalDefinition> GetAsync(
        string approvalCode, string? locale = null, bool withOptions = false, ApprovalPerson? user = null, bool withAdmins = false,
        FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        string code = ApprovalIds.Code(approvalCode, nameof(approvalCode));
        var answer = await _client.Approval.V4.Approval.GetAsync(
            new()
            {
                ApprovalCode = code, Locale = locale is null ? default(Locale?) : Locale.From(locale), WithAdminId = withAdmins ? true : null, WithOption = withOptions ? true : null,
                UserId = user?.Id, UserIdType = user?.IdType,
            },
            options,
            cancellationToken);
        return ApprovalDefinition.From(code, answer);
    }

    /// <summary>Asks for the events of a definition's instances, once per app and definition. One that is subscribed already is fine.</summary>
    /// <remarks>Events come only when they are also ticked in the developer console and a version with them is published.</remarks>
    /// <param name="approvalCode">Which one.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False: it was subscribed already.</returns>
    /// <exception cref="FeishuApiException">The platform said no: 1390002 there is none.</exception>
    public async Task<bool> SubscribeAsync(string approvalCode, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        string code = ApprovalIds.Code(approvalCode, nameof(approvalCode));
        try
        {
            await _client.Approval.V4.Approval.SubscribeAsync(new() { ApprovalCode = code }, options, cancellationToken);
            return true;
        }
        catch (FeishuApiException exception) when (exception.Code is ApprovalCodes.Subscribed or ApprovalCodes.SubscribedBefore)
        {
            return false;
        }
    }

    /// <summary>Ends the events of a definition's instances. One that is not subscribed is fine.</summary>
    /// <param name="approvalCode">Which one.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False: it was not subscribed.</returns>
    /// <exception cref="FeishuApiException">The platform said no: 1390002 there is none.</exception>
    public async Task<bool> UnsubscribeAsync(string approvalCode, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        string code = ApprovalIds.Code(approvalCode, nameof(approvalCode));
        try
        {
            await _client.Approval.V4.Approval.UnsubscribeAsync(new() { ApprovalCode = code }, options, cancellationToken);
            return true;
        }
        catch (FeishuApiException exception) when (exception.Code is ApprovalCodes.NotSubscribed)
        {
            return false;
        }
    }
}
