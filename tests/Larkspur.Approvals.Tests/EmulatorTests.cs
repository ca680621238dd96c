using Larkspur.Emulator.State;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests;

/// <summary>The SDK against the emulated approval centre, whose clock stands still; limits are off unless a test is about them.</summary>
public abstract class EmulatorTests : IAsyncLifetime
{
    protected const string Payment = SeededCompany.PaymentApprovalCode;

    protected EmulatorApp Emulator { get; private set; } = null!;

    protected FeishuClient Feishu { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected static ApprovalPerson Alice => Person("alice");

    protected static ApprovalPerson Bob => Person("bob");

    protected static ApprovalPerson Carol => Person("carol");

    protected ManualTimeProvider Time { get; } = new();

    public virtual async ValueTask InitializeAsync()
    {
        // The documented pace of 100 a minute is the SDK's own business and tested there; here it would only cost time.
        Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = Time, RateLimitFactor = 0 });
        Feishu = new FeishuClient(new FeishuOptions { AppId = EmulatorApp.AppId, AppSecret = EmulatorApp.DefaultApp.AppSecret, BaseUrl = Emulator.BaseUrl, RateFactor = 100 });
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Emulator.DisposeAsync();
    }

    protected static ApprovalPerson Person(string name) => ApprovalPerson.OpenId(WireIds.OpenId(EmulatorApp.AppId, name));

    /// <summary>What Alice asks to be paid.</summary>
    protected async Task<ApprovalSubmission> PaymentAsync(decimal amount = 1280.5m)
    {
        ApprovalDefinition definition = await Feishu.Approvals.Definitions.GetAsync(Payment, cancellationToken: Stop);
        return new(definition.NewForm().SetText("payee", "青云科技").SetAmount("amount", amount).SetOption("method", "银行转账"), Alice);
    }

    protected async Task<string> PaidAsync() => await Feishu.Approvals.Instances.CreateAsync(await PaymentAsync(), cancellationToken: Stop);

    protected Task<ApprovalInstanceDetail> GetAsync(string code) => Feishu.Approvals.Instances.GetAsync(code, cancellationToken: Stop);

    /// <summary>The open task of somebody.</summary>
    protected async Task<ApprovalTaskRef> OpenAsync(string code, ApprovalPerson who)
    {
        ApprovalInstanceDetail instance = await GetAsync(code);
        return ApprovalTaskRef.Of(instance, instance.Tasks.Single(t => t.OpenId == who.Id && t.State == ApprovalTaskState.Pending));
    }

    /// <summary>The same by user_id, which adding people asks for.</summary>
    protected async Task<ApprovalTaskRef> OpenByUserIdAsync(string code, string who) => (await OpenAsync(code, Person(who))) with { Person = ApprovalPerson.UserId(who) };

    protected static async Task<FeishuApiException> RefusedAsync(Task call) => await Assert.ThrowsAnyAsync<FeishuApiException>(() => call);

    protected static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (T item in items) list.Add(item);
        return list;
    }
}
