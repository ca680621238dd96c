namespace Larkspur.Emulator.Wire;

public enum DeliveryFailure
{
    None, NoUrl, Timeout, Connect, Dns, Broken,
    /// <summary>Long connection: no client is connected.</summary>
    Offline,
    /// <summary>Long connection: it ended before the answer came.</summary>
    Lost,
    /// <summary>Long connection: the frame came back, but its payload is no answer.</summary>
    BadAnswer,
}

/// <summary>What came back of one try to deliver something to an app.</summary>
/// <param name="Status">HTTP status, or the acknowledgement's code; 0 when no answer came.</param>
public sealed record DeliveryResult(int Status, string Body, DeliveryFailure Failure, double Milliseconds)
{
    public bool Acknowledged => Status == 200;
}
