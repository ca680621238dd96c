using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>There is an app, and what is switched on has one to work with.</summary>
internal sealed class AppCheck(FeishuApps apps) : IDoctorCheck
{
    public string Id => "app";

    public LocalText Title => new("应用配置", "App configured");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        var on = of.Settings.IsOn(FeishuIntegration.Enabled);
        if (of.Configured is not { } app)
        {
            // Of an app that the settings know and that cannot work, they say why.
            var why = apps.Away(of.App)?.Reason is { } reason ? new LocalText("：" + reason.Chinese, ": " + reason.English) : LocalText.From("");
            return on
                ? CheckResult.Failed(new($"飞书集成已开启，但没有配置应用“{of.App}”{why.Chinese}", $"The Feishu integration is switched on, and there is no app \"{of.App}\"{why.English}"),
                    new("填写 App ID、App Secret 和 Encrypt Key（或 Verification Token）", "Set App ID, App Secret and Encrypt Key (or Verification Token)"))
                : CheckResult.Warning(new($"没有配置应用“{of.App}”", $"There is no app \"{of.App}\""),
                    new("在“连接”中填写 App ID 和 App Secret", "Fill in App ID and App Secret under Connections"));
        }

        var id = app.Client.Options.AppId;
        if (on && of.Features.Count == 0)
        {
            return CheckResult.Warning(new($"飞书集成已开启（{id}），但通知和付款流程全部关闭，因此没有任何作用", $"The Feishu integration is on ({id}), and all notifications and the payment workflow are off: it does nothing"),
                new("打开需要的通知或付款审批流程", "Switch the notifications or the payment workflow on that you want"));
        }

        var features = string.Join("、", of.Features.Select(f => f.Title.Chinese));
        var inEnglish = string.Join(", ", of.Features.Select(f => f.Title.English));
        return of.Features.Count == 0 ? CheckResult.Ok($"{id}；飞书集成关闭", $"{id}; the Feishu integration is off") : CheckResult.Ok($"{id}；已开启：{features}", $"{id}; switched on: {inEnglish}");
    }
}
