using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Trials;

/// <summary>Tries what administrators have entered for a platform's app, whether the app is switched on or not: with its values, and
/// without using it.</summary>
internal interface IConnectionTrial
{
    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</summary>
    string Platform { get; }

    /// <summary>Asks the platform; takes 20 s at most.</summary>
    /// <exception cref="DoctorBusyException">Too many runs wait already.</exception>
    Task<DoctorReport> RunAsync(SettingsState settings, CancellationToken cancellation);
}
