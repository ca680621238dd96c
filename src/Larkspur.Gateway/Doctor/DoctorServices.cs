using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Doctor.Checks;
using Larkspur.Gateway.Doctor.Trials;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Doctor;

/// <summary>What the doctor is made of; the checks in the order in which they are shown.</summary>
internal static class DoctorServices
{
    public static void AddDoctor(this IServiceCollection services)
    {
        services.AddSingleton<ProbeReach>();
        services.TryAddSingleton(new TrustedRoots(null));
        services.AddSingleton<CertificateProbe>();
        services.AddSingleton<CallbackProbe>();
        services.AddSingleton<DoctorRuns>();
        services.AddSingleton<DoctorEndpoints>();
        services.AddSingleton<IConnectionTrial, FeishuTrial>();
        services.AddSingleton<IConnectionTrial, WeComTrial>();
        services.AddSingleton<IConnectionTrial, DingTalkTrial>();

        services.AddSingleton<IDoctorCheck, SettingsCheck>();
        services.AddSingleton<IDoctorCheck, DatabaseCheck>();
        services.AddSingleton<IDoctorCheck, ClockCheck>();
        services.AddSingleton<IDoctorCheck, AppCheck>();
        services.AddSingleton<IDoctorCheck, CredentialsCheck>();
        services.AddSingleton<IDoctorCheck, TokenKindCheck>();
        services.AddSingleton<IDoctorCheck, StoreAppCheck>();
        services.AddSingleton<IDoctorCheck, BotCheck>();
        services.AddSingleton<IDoctorCheck, BotIdentityCheck>();
        services.AddSingleton<IDoctorCheck, AppVersionCheck>();
        services.AddSingleton<IDoctorCheck, CallbackCheck>();
        services.AddSingleton<IDoctorCheck, WeComCallbackCheck>();
        services.AddSingleton<IDoctorCheck, DingTalkCallbackCheck>();
        services.AddSingleton<IDoctorCheck, SignInCheck>();
        services.AddSingleton<IDoctorCheck, CertificateCheck>();
        services.AddSingleton<IDoctorCheck, PlatformContactCheck>();
        services.AddSingleton<IDoctorCheck, LongConnectionCheck>();
        services.AddSingleton<IDoctorCheck, EncryptKeyCheck>();
        services.AddSingleton<IDoctorCheck, VerificationTokenCheck>();
        services.AddSingleton<IDoctorCheck, OriginProofCheck>();
        services.AddSingleton<IDoctorCheck, ScopesCheck>();
        services.AddSingleton<IDoctorCheck, SuperfluousScopesCheck>();
        services.AddSingleton<IDoctorCheck, EventsCheck>();
        services.AddSingleton<IDoctorCheck, ApprovalCodeCheck>();
        services.AddSingleton<IDoctorCheck, ApprovalSubscriptionCheck>();
        services.AddSingleton<IDoctorCheck, DingTalkCheck>();
        services.AddSingleton<IDoctorCheck, QuotaCheck>();
        services.AddSingleton<IDoctorCheck, WeComCheck>();
        services.AddSingleton<IDoctorCheck, WebhooksCheck>();
        services.AddSingleton<IDoctorCheck, DeadLettersCheck>();
        services.AddSingleton<IDoctorCheck, OverdueCheck>();
        services.AddSingleton<IDoctorCheck, ApiKeyCheck>();
        services.AddSingleton<IDoctorCheck, AuditLogCheck>();
        services.AddSingleton<IDoctorCheck, KeyRingCheck>();
        services.AddSingleton<IDoctorCheck, FilesCheck>();
    }
}
