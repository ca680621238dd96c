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

    /// <summary>Makes a definition, or replaces one wholly (<see cref="ApprovalDraft.ApprovalCode"/>).</summary>
    /// <remarks>
    /// The platform's advice is to make definitions in its console and not by API. Its FAQ even says that API changes are not supported, while the reference of this
    /// call describes replacing: UNVERIFIED which one a given tenant meets. There is no call that removes a definition.
    /// </remarks>
    /// <param name="draft">The definition.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; call again with the code, or look in the console, for the call has no key of its own.</param>
    /// <returns>The definition's code.</returns>
    /// <exception cref="ArgumentException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390001 a value is wrong, 1390009 not permitted.</exception>
    public async Task<string> PutAsync(ApprovalDraft draft, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var made = await _client.Approval.V4.Approval.CreateAsync(draft.ToRequest(), options, cancellationToken);
        return made.ApprovalCode is { Length: > 0 } code ? code
            : draft.ApprovalCode ?? throw new FeishuApiException("The definition was made without a code.") { HttpStatus = 200, Endpoint = Api.Approval.V4.Endpoints.ApprovalCreate.Id };
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
