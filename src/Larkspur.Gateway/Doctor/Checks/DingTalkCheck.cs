using Larkspur.DingTalk;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The DingTalk apps: a token is to be had, the robot is theirs, deliveries come, cards are taken.</summary>
/// <remarks>It costs one of the month's calls an app: contacts are free, and a token comes with them; asking for the robot is
/// not.</remarks>
internal sealed class DingTalkCheck(DingTalkApps apps, DingTalkStreams streams) : IDoctorCheck
{
    /// <summary>Nobody has this id: the platform's "no such person" proves the credentials, and a message to it reaches nobody.</summary>
    private const string Nobody = "larkspur-doctor-nobody";

    public string Id => "dingtalk";

    public LocalText Title => DingTalkCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (CheckResult.OfIncomplete(apps.States) is { } incomplete) return incomplete;
        if (apps.All.Count == 0) return CheckResult.Skipped(DingTalkCheckTexts.NoDingTalkAppIsConfigured);
        var results = await Task.WhenAll(apps.All.OrderBy(a => a.Name, StringComparer.Ordinal).Select(app => RunAsync(app, cancellation)));
        return results.MaxBy(r => r.Status)!;
    }

    /// <summary>What is wrong with the app's credentials; null: nothing.</summary>
    public static async Task<CheckResult?> CredentialsAsync(DingTalkApp app, CancellationToken cancellation)
    {
        try
        {
            await app.Client.Contacts.GetAsync(Nobody, cancellation);
        }
        catch (DingTalkApiException e) when (e.FailureKind == FailureKind.Authentication)
        {
            return CheckResult.Failed(DingTalkCheckTexts.ClientIDOrClientSecret(app.Name, e.ErrorCode),
                DingTalkCheckTexts.CompareThemWithCredentials);
        }
        catch (DingTalkApiException e) when (e.ErrorCode is "60020" || e.ErrorCode.EndsWith("IpNotInWhiteList", StringComparison.Ordinal))
        {
            return CheckResult.Failed(DingTalkCheckTexts.ThisMachineAddressIsNotOn(app.Name),
                DingTalkCheckTexts.AddServerAddressUnder);
        }
        catch (DingTalkApiException)
        {
            // No such person, or no permission for contacts: the credentials were taken.
        }
        catch (PlatformNetworkException e)
        {
            return CheckResult.Failed(DingTalkCheckTexts.DingTalkDoesNotAnswer(e.Message), DingTalkCheckTexts.LookAtNetworkGoingOutApi);
        }

        return null;
    }

    /// <summary>What is wrong with the app's RobotCode; null: nothing, or the platform does not tell.</summary>
    /// <remarks>
    /// No call tells a robot. One that would write as the robot refuses a RobotCode that does not exist, or belongs to another app, by a
    /// code of its own (dingtalk-protocol 4), and tells one that it does not know as an invalid person: so it is asked to write to nobody.
    /// </remarks>
    public static async Task<CheckResult?> RobotAsync(DingTalkApp app, CancellationToken cancellation)
    {
        if (app.Settings.Options.RobotCode is not { Length: > 0 } code) return null;
        try
        {
            await app.Client.Robot.SendToPeopleAsync([Nobody], RobotContent.Text("Larkspur"), cancellation);
        }
        catch (DingTalkApiException e) when (e.ErrorCode.StartsWith("invalidParameter.robotCode.", StringComparison.OrdinalIgnoreCase))
        {
            return CheckResult.Failed(DingTalkCheckTexts.RobotCodeIsRefused(app.Name, code, e.ErrorCode),
                DingTalkCheckTexts.CopyRobotCodeFrom);
        }
        catch (Exception e) when (e is DingTalkApiException or PlatformNetworkException)
        {
            // No such person, no permission to write, no calls left: nothing is said about the robot.
        }

        return null;
    }

    private async Task<CheckResult> RunAsync(DingTalkApp app, CancellationToken cancellation)
    {
        if (await CredentialsAsync(app, cancellation) is { } refused) return refused;
        if (await RobotAsync(app, cancellation) is { } noRobot) return noRobot;
        if (app.HasStream && streams.Of(app.Name) is { } stream && (stream.Refusal is not null || !stream.Status.IsConnected))
        {
            var why = stream.Refusal ?? stream.Status.Problem ?? "not tried yet";
            return CheckResult.Failed(DingTalkCheckTexts.DingTalkAppHasNoStream(app.Name, why),
                DingTalkCheckTexts.ChooseStreamModeInDeveloper);
        }

        if (app.CardProblem is { } problem)
        {
            return CheckResult.Warning(DingTalkCheckTexts.DingTalkRefusedCardAppSo(app.Name, problem),
                DingTalkCheckTexts.CompareTemplateIdAnd);
        }

        return app.Settings.CardTemplate is null
            ? CheckResult.Ok(DingTalkCheckTexts.AppWorksWithoutAICard(app.Name))
            : CheckResult.Ok(DingTalkCheckTexts.AppWorks(app.Name));
    }
}
