using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>Why the platform's approvals cannot be shown, and what to do about it.</summary>
/// <param name="Sentence">For the reader.</param>
/// <param name="Path">The page of the console that helps; null: none.</param>
/// <param name="Link">What leads there.</param>
public sealed record ApprovalProblem(LocalText Sentence, string? Path = null, LocalText? Link = null)
{
    private static ApprovalProblem Away { get; } = new(ApprovalsTexts.PlatformAway, ConsolePaths.Connections, ApprovalsTexts.ToConnections);

    /// <summary>Asks for something; what is refused on the way becomes a sentence.</summary>
    public static async Task<(T? Found, ApprovalProblem? Problem)> TryAsync<T>(Func<Task<T>> ask) where T : class
    {
        try
        {
            return (await ask(), null);
        }
        catch (RequestRefusedException e)
        {
            return (null, Of(e));
        }
        catch (PlatformApiException e)
        {
            return (null, Of(e));
        }
        catch (PlatformNetworkException)
        {
            return (null, Away);
        }
    }

    private static ApprovalProblem Of(RequestRefusedException e) => e.Word switch
    {
        "unknown_approval_code" => new(ApprovalsTexts.UnknownCode),
        "unknown_instance" => new(ApprovalsTexts.UnknownInstance),
        "bad_id" => new(ApprovalsTexts.NotACode),
        "unknown_app" => new(ApprovalsTexts.NoApp, ConsolePaths.Welcome, ApprovalsTexts.Connect),
        ['a', 'p', 'p', '_', ..] => new(ApprovalsTexts.AppAway, ConsolePaths.Connections, ApprovalsTexts.ToConnections),
        "quota" => new(RefusalTexts.Of(e), "/console/quota", ApprovalsTexts.ToQuota),
        _ => new(RefusalTexts.Of(e)),
    };

    private static ApprovalProblem Of(PlatformApiException e) => e switch
    {
        FeishuApiException { MissingScopes: { Count: > 0 } scopes } =>
            new(ApprovalsTexts.NoScope(string.Join(", ", scopes)), "/console/doctor", ApprovalsTexts.ToCheckUp),
        { FailureKind: FailureKind.RateLimited } => new(ApprovalsTexts.TooMany),
        { IsTransient: true } => Away,
        _ => new(RefusalTexts.Of(e)),
    };
}
