#!/bin/sh
# The rights that each principal needs, and no more. Run once by an administrator, with Kafka's own kafka-acls.sh on the PATH:
#
#   BOOTSTRAP=broker:9094 COMMAND_CONFIG=admin.properties deploy/acls.sh
#
# Names of principals, the prefix and the group can be set as below. Running it again changes nothing.
set -eu

: "${BOOTSTRAP:?name the bootstrap servers}"
: "${COMMAND_CONFIG:=}"
: "${PREFIX:=vigil.}" "${GROUP:=vigil}"
: "${COMMUNITY:=community}" "${TEXT_LINE:=text-line}" "${ASSESSORS:=assessors}" "${RESPONDERS:=responders}"
: "${WORKER:=vigil-worker}" "${OPERATOR:=vigil-operator}" "${LAG:=vigil-lag}" "${CONSOLE:=vigil-console}"
: "${CANARY:=vigil-canary}"

acls() {
    kafka-acls.sh --bootstrap-server "$BOOTSTRAP" ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} "$@"
}

# grant PRINCIPAL "OPERATION ..." TOPIC...      topics without the prefix; "=NAME" is a full name
grant() {
    principal=$1 operations=$2
    shift 2
    set -- "$@" end
    while [ "$1" != end ]; do
        case $1 in =*) name=${1#=} ;; *) name=$PREFIX$1 ;; esac
        shift
        set -- "$@" --topic "$name"
    done
    shift
    for operation in $operations; do
        set -- "$@" --operation "$operation"
    done
    acls --add --force --allow-principal "User:$principal" "$@"
}

# grant_group PRINCIPAL OPERATION GROUP
grant_group() { acls --add --force --allow-principal "User:$1" --operation "$2" --group "$3"; }

# Publishers write what is theirs and read nothing.
grant "$COMMUNITY" "Write Describe" posts profiles
grant "$TEXT_LINE" "Write Describe" messages profiles
grant "$ASSESSORS" "Write Describe" assessments

# Responders read what is for them, in groups of their own, and what was answered, and answer (`vigil inbox`, `vigil respond`).
grant "$RESPONDERS" "Read Describe" emergency-alerts non-emergency-referrals reviews notices support
grant "$RESPONDERS" "Read Write Describe" responses
grant "$RESPONDERS" "Write Describe" assessments
acls --add --force --allow-principal "User:$RESPONDERS" --operation Read --group "$RESPONDERS" --resource-pattern-type prefixed

# The worker reads inputs, writes outputs, and keeps its state in its changelog.
grant "$WORKER" "Read Describe DescribeConfigs" posts messages profiles assessments responses canary
grant "$WORKER" "Write Describe DescribeConfigs" emergency-alerts non-emergency-referrals reviews notices support decisions dead-letters shadow-decisions canary-decisions
grant "$WORKER" "Read Write Describe DescribeConfigs" detour "=$GROUP-state-changelog"
grant_group "$WORKER" Read "$GROUP"

# An operator sets topics up, asks the doctor, exports and erases, and sends dead letters back to the inputs; what workers write, and the
# detour, an operator can't forge.
acls --add --force --allow-principal "User:$OPERATOR" --operation Create --operation Describe --cluster
acls --add --force --allow-principal "User:$OPERATOR" --topic "$PREFIX" --resource-pattern-type prefixed \
    --operation Read --operation Create --operation Describe --operation DescribeConfigs --operation AlterConfigs
grant "$OPERATOR" "Write" posts messages profiles assessments responses audit probe
grant "$OPERATOR" "Read Write Create Describe DescribeConfigs AlterConfigs" "=$GROUP-state-changelog"
grant_group "$OPERATOR" Read "$GROUP"

# Lag is described, never read.
acls --add --force --allow-principal "User:$LAG" --operation Describe --group "*"
acls --add --force --allow-principal "User:$LAG" --operation Describe --operation DescribeConfigs --topic "$PREFIX" --resource-pattern-type prefixed

# The page reads what the worker wrote.
grant "$CONSOLE" "Read Describe DescribeConfigs" emergency-alerts non-emergency-referrals reviews decisions dead-letters responses
acls --add --force --allow-principal "User:$CONSOLE" --operation Describe --group "*"
acls --add --force --allow-principal "User:$CONSOLE" --operation Describe --operation DescribeConfigs --topic "$PREFIX" --resource-pattern-type prefixed

# The canary writes what nobody is told of, and reads what workers say to it.
grant "$CANARY" "Write Describe" canary
grant "$CANARY" "Read Describe" canary-decisions
