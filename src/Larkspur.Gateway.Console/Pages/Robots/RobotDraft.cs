namespace Larkspur.Gateway.Console.Pages.Robots;

/// <summary>A group robot as it stands in the form. Its address and its secret are entered, and never shown.</summary>
public sealed class RobotDraft
{
    public string Name { get; set; } = "";

    public string Platform { get; set; } = "feishu";

    /// <summary>Empty: as it was; a new one needs it.</summary>
    public string Address { get; set; } = "";

    /// <summary>Empty: as it was.</summary>
    public string Secret { get; set; } = "";

    /// <summary>It signs nothing any more.</summary>
    public bool DropSecret { get; set; }

    public string Description { get; set; } = "";

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public string System { get; set; } = "";

    /// <summary>It has a secret.</summary>
    public bool Signed { get; set; }
}
