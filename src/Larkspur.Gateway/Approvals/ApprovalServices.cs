using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>The platform's approvals, and payments that are approved by them.</summary>
internal static class ApprovalServices
{
    public static void AddApprovals(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<PaymentOptions>();
        services.AddSingleton(options);
        services.AddSingleton<ApprovalReads>();
        services.AddFeishuOperation<InstanceCreate>(InstanceCreate.Definition);
        services.AddFeishuOperation<InstanceCancel>(InstanceCancel.Definition);
        services.AddFeishuOperation<ApprovalRemind>(ApprovalRemind.Definition);
        services.AddSingleton<ApprovalCodeStore>();
        services.AddSingleton<DefinitionCache>();
        services.AddSingleton<Applicants>();
        services.AddSingleton<ApprovalRelay>();
        services.AddSingleton<InstanceRequestStore>();
        // Nobody repeats a request under its key so late.
        services.AddRetention("requests for approvals", _ => TimeSpan.FromDays(31), InstanceRequestStore.PruneAsync);
        services.AddSingleton<DefinitionEndpoints>();
        services.AddSingleton<InstanceListing>();
        services.AddSingleton<InstanceOwners>();
        services.AddSingleton<InstanceReader>();
        services.AddSingleton<InstanceWithdrawal>();
        services.AddSingleton<IHandoverPlatform, FeishuOpenApprovals>();
        services.AddSingleton<InstanceEndpoints>();
        services.AddSingleton<TaskHolders>();
        services.AddSingleton<TaskEndpoints>();
        services.AddSingleton<ExternalEndpoints>();
        services.AddSingleton<SubscriptionEndpoints>();
        services.AddSingleton<ExternalActionSettings>();
        services.AddSingleton<ExternalActionWebhook>();
        foreach (var definition in ExternalActionSettings.Definitions) services.AddSetting(definition);
        services.AddSingleton(new EventRoute(PlatformNames.Feishu, ExternalActionEvents.Type, ExternalActionEvents.TakeAsync) { StaleAfter = null });
        services.AddPayments(options);
        services.OnApproval("approval_instance", events => events.InstanceAsync);
        services.OnApproval("approval_task", events => events.TaskAsync);
        services.OnApproval("approval_cc", events => events.CopyAsync);
        services.OnApproval("approval.approval.updated_v4", events => events.DefinitionAsync);
    }

    /// <summary>What the platform posts about approvals of other systems.</summary>
    public static void MapApprovalWebhooks(this IEndpointRouteBuilder routes) => ExternalActionWebhook.Map(routes);

    public static void MapApprovals(this IEndpointRouteBuilder api)
    {
        PaymentEndpoints.Map(api);
        var approvals = api.MapGroup("/approvals");
        DefinitionEndpoints.Map(approvals);
        InstanceEndpoints.Map(approvals);
        TaskEndpoints.Map(approvals);
        ExternalEndpoints.Map(approvals);
        SubscriptionEndpoints.Map(approvals);
    }

    private static void AddPayments(this IServiceCollection services, PaymentOptions options)
    {
        services.AddSingleton<PaymentWorkflow>();
        services.AddSingleton<PaymentStore>();
        services.AddSingleton<IHandoverPart, OpenPayments>();
        services.AddRetention("payments", o => o.KeepRecords, PaymentStore.PruneAsync);
        services.AddSingleton<PaymentWebhooks>();
        services.AddSingleton<PaymentMetrics>();
        services.AddSingleton<PaymentTransitions>();
        services.AddSingleton<IOutboxCompletion, PaymentCompletion>();
        services.AddSingleton<PaymentRequests>();
        services.AddSingleton<PaymentSteps>();
        services.AddSingleton<PaymentEndpoints>();
        services.AddSingleton<ApprovalEvents>();
        services.AddHostedService<PaymentSubscription>();
        services.AddSchedule<PaymentReconciliation>("payments", options.Interval);
    }

    /// <summary>At any age: what was decided hours ago is decided, and nobody waits for an answer.</summary>
    private static void OnApproval(this IServiceCollection services, string type, Func<ApprovalEvents, InboundEventHandler> handler) => services.AddSingleton(provider =>
        new EventRoute(PlatformNames.Feishu, type, handler(provider.GetRequiredService<ApprovalEvents>())) { StaleAfter = null });
}
