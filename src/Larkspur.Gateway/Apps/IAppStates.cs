namespace Larkspur.Gateway.Apps;

/// <summary>How a platform's apps stand; each platform registers one.</summary>
internal interface IAppStates
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    string Platform { get; }

    /// <summary>By name, also an app that the settings know and that is off or incomplete.</summary>
    IReadOnlyList<AppState> States { get; }
}
