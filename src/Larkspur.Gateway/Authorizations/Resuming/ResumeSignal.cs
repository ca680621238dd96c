using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Authorizations.Resuming;

/// <summary>Wakes the worker of this process.</summary>
internal sealed class ResumeSignal : WorkSignal;
